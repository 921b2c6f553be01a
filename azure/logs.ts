import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Inputs, Place } from "./inputs.ts";

/** One workspace for what the job says and for who read which secret. Nobody writes to it with a key. */
export function createLogs({ name }: Inputs, place: Place): Workspace {
  return new Workspace("logs", {
    ...place,
    workspaceName: `${name}-logs`,
    sku: { name: "PerGB2018" },
    retentionInDays: 90,
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
  });
}

/** Sends logs of a resource to the workspace, each category to a table of its own. */
export function sendLogs(
  name: string,
  resourceUri: pulumi.Input<string>,
  logs: Workspace,
  categories: readonly string[],
): DiagnosticSetting {
  return new DiagnosticSetting(name, {
    name,
    resourceUri,
    workspaceId: logs.id,
    logAnalyticsDestinationType: "Dedicated",
    logs: categories.map((category) => ({ category, enabled: true })),
  });
}
