import { Job } from "@pulumi/azure-native/app/job.js";
import { ManagedEnvironment } from "@pulumi/azure-native/app/managedEnvironment.js";
import type { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import type { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Inputs, Place } from "./inputs.ts";
import { sendLogs } from "./logs.ts";

interface Needs {
  readonly identity: UserAssignedIdentity;
  readonly logs: Workspace;
  readonly backendUrl: pulumi.Input<string>;
  /** What it may do is granted before it runs for the first time. */
  readonly granted: readonly pulumi.Resource[];
}

const hour = 3600;

/** Reconciles the stacks on its schedule, in the container image, as the identity. It has no secret, only names and addresses. */
export function createJob(inputs: Inputs, image: string, place: Place, { identity, logs, backendUrl, granted }: Needs): Job {
  const { name, stacks, schedule, registry } = inputs;
  const environment = new ManagedEnvironment("environment", {
    ...place,
    environmentName: `${name}-jobs`,
    // By a diagnostic setting, because `log-analytics` takes the workspace's key.
    appLogsConfiguration: { destination: "azure-monitor" },
  });
  sendLogs("job-logs", environment.id, logs, ["ContainerAppConsoleLogs", "ContainerAppSystemLogs"]);
  const server = image.split("/")[0] ?? "";
  return new Job(
    "reconcile",
    {
      ...place,
      jobName: `${name}-reconcile`,
      environmentId: environment.id,
      identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
      configuration: {
        triggerType: "Schedule",
        scheduleTriggerConfig: { cronExpression: schedule, parallelism: 1, replicaCompletionCount: 1 },
        replicaTimeout: hour,
        // A run that failed did all it could; the next one looks again.
        replicaRetryLimit: 0,
        registries: registry === undefined ? [] : [{ server, identity: identity.id }],
      },
      template: {
        containers: [
          {
            name: "reconcile",
            image,
            args: ["apply", ...stacks.flatMap((stack) => ["-s", stack])],
            env: [
              { name: "PULUMI_BACKEND_URL", value: backendUrl },
              { name: "AZURE_CLIENT_ID", value: identity.clientId },
            ],
            resources: { cpu: 1, memory: "2Gi" },
          },
        ],
      },
    },
    { dependsOn: [...granted] },
  );
}
