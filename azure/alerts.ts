import { ActionGroup } from "@pulumi/azure-native/monitor/actionGroup.js";
import { ScheduledQueryRule } from "@pulumi/azure-native/monitor/scheduledQueryRule.js";
import type { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import type { Inputs, Place } from "./inputs.ts";

/** The line the job ends with: tools/pipeline/outcomeLine.ts writes it. What stands in a feed begins no line. */
export const outcomeLine = (outcome: Outcome) => `proofpoint-account-state run outcome=${outcome}`;
type Outcome = "failed" | "succeeded";

/** Somebody is told when a run fails, and when none succeeded in 26 hours: one that never began says nothing. */
export function createAlerts({ name, alertEmails }: Inputs, place: Place, logs: Workspace): void {
  const { resourceGroupName } = place;
  const group = new ActionGroup("people", {
    resourceGroupName,
    location: "global",
    actionGroupName: `${name}-people`,
    groupShortName: "proofpoint",
    enabled: true,
    emailReceivers: alertEmails.map((emailAddress) => ({ name: emailAddress, emailAddress, useCommonAlertSchema: true })),
  });
  const common = {
    ...place,
    scopes: [logs.id],
    actions: { actionGroups: [group.id] },
    enabled: true,
    kind: "LogAlert",
    severity: 1,
    autoMitigate: true,
    // The table is there with the first run, and not before.
    skipQueryValidation: true,
  };
  const lines = (outcome: Outcome, since: string) =>
    `ContainerAppConsoleLogs | where TimeGenerated > ago(${since}) | where Log startswith "${outcomeLine(outcome)}" | summarize runs = count()`;
  const counting = {
    timeAggregation: "Total",
    metricMeasureColumn: "runs",
    failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
  };
  new ScheduledQueryRule("run-failed", {
    ...common,
    ruleName: `${name}-run-failed`,
    description: "A run failed. Its log says why; the next one looks again.",
    evaluationFrequency: "PT15M",
    windowSize: "PT1H",
    criteria: { allOf: [{ ...counting, query: lines("failed", "1h"), operator: "GreaterThan", threshold: 0 }] },
  });
  new ScheduledQueryRule("none-succeeded", {
    ...common,
    ruleName: `${name}-none-succeeded`,
    description: "No run has succeeded in 26 hours: people who left may still take a licence.",
    evaluationFrequency: "PT1H",
    // The next size above 26 hours there is; the query looks back 26.
    windowSize: "P2D",
    criteria: { allOf: [{ ...counting, query: lines("succeeded", "26h"), operator: "LessThan", threshold: 1 }] },
  });
}
