import * as pulumi from "@pulumi/pulumi";
import { isManagedType } from "../provider/essentials/schema.ts";
import { resourceName, withOwnName } from "../provider/resourceName.ts";
import { SyncExemption } from "../provider/syncExemption.ts";
import { UserType } from "../provider/userType.ts";
import { findExempt } from "./exempt.ts";
import type { Gathered } from "./gather.ts";
import { isChange, neutralReason, type Decision } from "./policy/decision.ts";

/** So many go ahead of the rest. Enough to keep the provider busy until the others are prepared, which takes a moment. */
const headStart = 16;

/**
 * One resource for each managed user, those that change first, so that writing begins while the rest is being declared;
 * and where directory sync would undo it, an exemption from it for each functional account, before its type is changed.
 * @returns makes an output of a value that counts once everything is made: where something fails, the stack keeps what it had
 */
export async function declare(
  decisions: readonly Decision[],
  { sync, memory }: Pick<Gathered, "sync" | "memory">,
): Promise<<T>(value: T) => pulumi.Output<T | undefined>> {
  makeHaste();
  const nameable = withOwnName(decisions);
  const inOrder = [...nameable.filter(isChange), ...nameable.filter((decision) => !isChange(decision))];
  // All exemptions at once: those that are new are one request.
  const exempt = findExempt(inOrder, { sync, memory });
  const exemptions = new Map(exempt.map((decision) => [decision, declareExemption(decision)]));
  const declareOne = (decision: Decision) => declareType(decision, exemptions.get(decision));
  const first = inOrder.slice(0, headStart).map(declareOne);
  await new Promise((resolve) => setTimeout(resolve, 1));
  const rest = inOrder.slice(headStart).map(declareOne);
  const all = pulumi.all([...first.map(typeOf), ...rest.map(typeOf), ...[...exemptions.values()].map(({ email }) => email)]);
  return onceAllOf(all);
}

/**
 * The engine keeps the output of a failed run's predecessor where the run has none. An output that fails would take all
 * others with it, those that say how far this run came.
 */
function onceAllOf(all: pulumi.Output<unknown>): <T>(value: T) => pulumi.Output<T | undefined> {
  // The SDK has this method and leaves it out of its types: a preview ends it with what is known.
  const settled = (all as unknown as { promise(): Promise<unknown> }).promise().then(
    () => true,
    () => false,
  );
  return (value) =>
    pulumi.output(pulumi.runtime.isDryRun() ? (pulumi.unknown as never) : settled.then((made) => (made ? value : undefined))) as never;
}

function typeOf(resource: UserType | undefined): pulumi.Output<string> | undefined {
  return resource?.type;
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
