import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import type { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import type { CreatedStorage } from "./storage.ts";
import type { CreatedVault } from "./vault.ts";

/** Built-in roles by their IDs, which are the same everywhere. Source: learn.microsoft.com/azure/role-based-access-control. */
const roles = {
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
} as const;

interface Things {
  readonly vault: CreatedVault;
  readonly storage: CreatedStorage;
  readonly registry: string | undefined;
}

/** What the identity may do, each on the smallest thing that has it: read secrets, use one key, write one container. */
export function grant(
  { principalId }: UserAssignedIdentity,
  subscriptionId: pulumi.Input<string>,
  { vault, storage, registry }: Things,
): readonly RoleAssignment[] {
  const allow = (name: string, role: keyof typeof roles, scope: pulumi.Input<string>) =>
    new RoleAssignment(name, {
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: pulumi.interpolate`/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      scope,
      description: role,
    });
  return [
    allow("read-secrets", "Key Vault Secrets User", vault.vault.id),
    allow("use-key", "Key Vault Crypto User", vault.key.id),
    allow("write-state", "Storage Blob Data Contributor", storage.container.id),
    ...(registry === undefined ? [] : [allow("pull-image", "AcrPull", registry)]),
  ];
}
