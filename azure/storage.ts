import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties.js";
import { ManagementPolicy } from "@pulumi/azure-native/storage/managementPolicy.js";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import type { Inputs, Place } from "./inputs.ts";

export interface CreatedStorage {
  readonly account: StorageAccount;
  readonly container: BlobContainer;
}

/** Where the stacks' state is: its versions for 30 days, for nobody without a role, and there are no keys to it. */
export function createStorage({ name, redundancy }: Inputs, place: Place): CreatedStorage {
  const account = new StorageAccount(
    "storage",
    {
      ...place,
      accountName: `${name.replaceAll("-", "")}state`,
      kind: "StorageV2",
      sku: { name: redundancy },
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      // Pipelines come from addresses nobody knows beforehand; who may do what is decided by roles.
      publicNetworkAccess: "Enabled",
    },
    { protect: true },
  );
  const where = { resourceGroupName: place.resourceGroupName, accountName: account.name };
  const kept = { enabled: true, days: 30 };
  const service = new BlobServiceProperties("versions", {
    ...where,
    blobServicesName: "default",
    isVersioningEnabled: true,
    deleteRetentionPolicy: kept,
    containerDeleteRetentionPolicy: kept,
  });
  new ManagementPolicy(
    "old-versions",
    {
      ...where,
      managementPolicyName: "default",
      policy: {
        rules: [
          {
            name: "old-versions",
            type: "Lifecycle",
            enabled: true,
            definition: {
              filters: { blobTypes: ["blockBlob"] },
              actions: { version: { delete: { daysAfterCreationGreaterThan: 30 } } },
            },
          },
        ],
      },
    },
    { dependsOn: service },
  );
  const container = new BlobContainer(
    "state",
    { ...where, containerName: "state", publicAccess: "None" },
    { protect: true, dependsOn: service },
  );
  return { account, container };
}
