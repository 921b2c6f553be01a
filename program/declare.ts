import * as pulumi from "@pulumi/pulumi";
import { foldAddress } from "../provider/essentials/address.ts";
import { isExemptable } from "../provider/essentials/azureSync.ts";
import { isManagedType } from "../provider/essentials/schema.ts";
import { resourceName, withOwnName } from "../provider/resourceName.ts";
import { SyncExemption } from "../provider/syncExemption.ts";
import { UserType } from "../provider/userType.ts";
import type { Gathered } from "./gather.ts";
import type { Memory } from "./memory.ts";
import { isChange, needsExemption, neutralReason, type Decision } from "./policy/decision.ts";

/** So many go ahead of the rest. Enough to keep the provider busy until the others are prepared, which takes a moment. */
const headStart = 16;

/**
 * One resource for each managed user, those that change first, so that writing begins while the rest is being declared;
 * and where directory sync would undo it, an exemption from it for each functional account, before its type is changed.
 * @returns makes an output of a value that counts once every change is made: where one fails, the stack keeps what it had
 */
export async function declare(
  decisions: readonly Decision[],
  { sync, memory }: Pick<Gathered, "sync" | "memory">,
): Promise<<T>(value: pulumi.Input<T>) => pulumi.Output<T>> {
  makeHaste();
  const nameable = withOwnName(decisions);
  const inOrder = [...nameable.filter(isChange), ...nameable.filter((decision) => !isChange(decision))];
  // All exemptions at once: those that are new are one request.
  const exemptions = new Map(
    sync.mode === "manage"
      ? inOrder
          .filter((decision) => needsExemption(decision) || keepsExemption(decision, memory))
          .filter(({ email }) => isExemptable(email))
          .map((decision) => [decision, declareExemption(decision)] as const)
      : [],
  );
  const declareOne = (decision: Decision) => declareType(decision, exemptions.get(decision));
  const first = inOrder.slice(0, headStart).map(declareOne);
  await new Promise((resolve) => setTimeout(resolve, 1));
  const rest = inOrder.slice(headStart).map(declareOne);
  const changing = [...first, ...rest].slice(0, nameable.filter(isChange).length);
  const applied = pulumi.all(changing.map((resource) => resource?.type));
  return (value) => applied.apply(() => pulumi.output(value)) as never;
}

/** Whoever waits for a later wave keeps what this stack gave them until then. */
function keepsExemption({ email, rule }: Decision, { exempted }: Memory): boolean {
  return rule === "wave" && exempted.has(foldAddress(email));
}

function declareExemption({ email }: Decision): SyncExemption {
  return new SyncExemption(resourceName(email), { email });
}

function declareType(decision: Decision, exemption: SyncExemption | undefined): UserType | undefined {
  const { email, want } = decision;
  if (!isManagedType(want)) return undefined;
  return new UserType(
    resourceName(email),
    { email, type: want, reason: neutralReason(decision) },
    exemption ? { dependsOn: exemption } : {},
  );
}

/**
 * Two habits of the SDK take half the time of a large run: a source-mapped stack trace for every promise, and four debug
 * messages for every resource, each a call to the engine that waits for the one before. Resources are registered after
 * `declare` has returned and nothing else of ours runs then, so nothing is put back.
 */
function makeHaste(): void {
  Error.prepareStackTrace = undefined as never;
  Error.stackTraceLimit = 0;
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}
