import * as pulumi from "@pulumi/pulumi";
import { isManagedType } from "../provider/essentials/schema.ts";
import { resourceName, withOwnName } from "../provider/resourceName.ts";
import { UserType } from "../provider/userType.ts";
import { isChange, neutralReason, type Decision } from "./policy/decision.ts";

/** So many go ahead of the rest. Enough to keep the provider busy until the others are prepared, which takes a moment. */
const headStart = 16;

/** One resource for each managed user, those that change first, so that writing begins while the rest is being declared. */
export async function declare(decisions: readonly Decision[]): Promise<void> {
  makeHaste();
  const nameable = withOwnName(decisions);
  const inOrder = [...nameable.filter(isChange), ...nameable.filter((decision) => !isChange(decision))];
  inOrder.slice(0, headStart).forEach(declareOne);
  await new Promise((resolve) => setTimeout(resolve, 1));
  inOrder.slice(headStart).forEach(declareOne);
}

function declareOne(decision: Decision): void {
  const { email, want } = decision;
  if (isManagedType(want)) new UserType(resourceName(email), { email, type: want, reason: neutralReason(decision) });
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
