import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Inputs, Place } from "./inputs.ts";

const audiences = ["api://AzureADTokenExchange"];

/** Who runs the stacks: the job as it is, and a pipeline by a token its forge signs. There is no client secret. */
export function createIdentity({ name, gitHub, azureDevOps }: Inputs, place: Place): UserAssignedIdentity {
  const identity = new UserAssignedIdentity("identity", { ...place, resourceName: `${name}-identity` });
  const trusted = [
    ...(gitHub?.environments ?? []).map((environment) => ({
      name: `github-${environment}`,
      issuer: "https://token.actions.githubusercontent.com",
      subject: `repo:${gitHub?.repository}:environment:${environment}`,
    })),
    ...(azureDevOps ? [{ name: "azure-devops", ...azureDevOps }] : []),
  ];
  // Azure refuses two of them at once.
  let before: pulumi.Resource = identity;
  for (const { name: of, issuer, subject } of trusted) {
    before = new FederatedIdentityCredential(
      of,
      {
        resourceGroupName: place.resourceGroupName,
        resourceName: identity.name,
        federatedIdentityCredentialResourceName: of,
        issuer,
        subject,
        audiences,
      },
      { dependsOn: before },
    );
  }
  return identity;
}
