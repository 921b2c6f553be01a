import * as pulumi from "@pulumi/pulumi";
import { foldAddress } from "../provider/essentials/address.ts";
import { isManagedType } from "../provider/essentials/schema.ts";
import { UserType } from "../provider/userType.ts";
import { isChange, type Decision } from "./policy/decision.ts";

/**
 * One resource for each managed user. What changes comes first, and is on its way to the engine before the rest is
 * declared, so that writing begins early.
 */
export async function declare(decisions: readonly Decision[]): Promise<void> {
  makeHaste();
  const managed = decisions.filter(({ want }) => isManagedType(want));
  const changes = managed.filter(isChange);
  // Without changes one user goes ahead: the engine starts the provider when it hears of the first resource.
  const [ahead, rest] = changes.length > 0 ? [changes, managed.filter((each) => !isChange(each))] : [managed.slice(0, 1), managed.slice(1)];
  ahead.forEach(declareOne);
  await new Promise((resolve) => setTimeout(resolve, 1));
  rest.forEach(declareOne);
}

function declareOne({ email, want, reason }: Decision): void {
  if (isManagedType(want)) new UserType(foldAddress(email), { email, type: want, reason });
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
