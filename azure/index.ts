import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import { createAlerts } from "./alerts.ts";
import { createIdentity } from "./identity.ts";
import { readInputs } from "./inputs.ts";
import { createJob } from "./job.ts";
import { createLogs } from "./logs.ts";
import { grant } from "./roles.ts";
import { createStorage } from "./storage.ts";
import { createVault } from "./vault.ts";
import { whereIAm } from "./whereIAm.ts";

/** Everything a stack needs of Azure, and nothing a person would have to keep secret. */

const inputs = readInputs(new pulumi.Config());
const { tenantId, subscriptionId } = whereIAm();

const group = new ResourceGroup("group", { resourceGroupName: inputs.name, location: inputs.location }, { protect: true });
const place = { resourceGroupName: group.name, location: inputs.location };

const logs = createLogs(inputs, place);
const vault = createVault(inputs, place, tenantId, logs);
const storage = createStorage(inputs, place);
const identity = createIdentity(inputs, place);
const granted = grant(identity, subscriptionId, { vault, storage, registry: inputs.registry });

export const backendUrl = pulumi.interpolate`azblob://${storage.container.name}?storage_account=${storage.account.name}`;
// The image has the stacks' configuration in it, which takes what is made here: the job comes with the second up.
if (inputs.image !== undefined) {
  createJob(inputs, inputs.image, place, { identity, logs, backendUrl, granted });
  createAlerts(inputs, place, logs);
}

/** What a stack's configuration and a pipeline need; `npm run azure:config` prints it in place. */
export const vaultUrl = vault.url;
export const secretsProvider = vault.secretsProvider;
export const clientId = identity.clientId;
export { tenantId, subscriptionId };
