import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import type * as pulumi from "@pulumi/pulumi";

/** The tenant and the subscription of whoever runs this. */
export function whereIAm(): { readonly tenantId: pulumi.Output<string>; readonly subscriptionId: pulumi.Output<string> } {
  const { tenantId, subscriptionId } = getClientConfigOutput();
  return { tenantId, subscriptionId };
}
