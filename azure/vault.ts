import { Key } from "@pulumi/azure-native/keyvault/key.js";
import { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import type { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Inputs, Place } from "./inputs.ts";
import { sendLogs } from "./logs.ts";

export interface CreatedVault {
  readonly vault: Vault;
  readonly key: Key;
  readonly url: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. The version is pinned: a rotated key could not read what the old one wrote. */
  readonly secretsProvider: pulumi.Output<string>;
}

/**
 * The vault of the login's secrets and of the stacks' key. Secrets are not made here: what Pulumi makes stands in its
 * state. Neither can be deleted for good, by anybody, for 90 days.
 */
export function createVault({ name }: Inputs, place: Place, tenantId: pulumi.Input<string>, logs: Workspace): CreatedVault {
  const vault = new Vault(
    "vault",
    {
      ...place,
      vaultName: `${name}-kv`,
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enablePurgeProtection: true,
        softDeleteRetentionInDays: 90,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        // Pipelines come from addresses nobody knows beforehand; who may do what is decided by roles.
        publicNetworkAccess: "Enabled",
      },
    },
    { protect: true },
  );
  sendLogs("vault-audit", vault.id, logs, ["AuditEvent"]);
  const key = new Key(
    "key",
    {
      resourceGroupName: place.resourceGroupName,
      vaultName: vault.name,
      keyName: "pulumi",
      properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] },
    },
    { protect: true },
  );
  const secretsProvider = key.keyUriWithVersion.apply((uri) => uri.replace(/^https:/, "azurekeyvault:"));
  return { vault, key, url: vault.properties.apply(({ vaultUri }) => (vaultUri ?? "").replace(/\/$/, "")), secretsProvider };
}
