import { foldAddress } from "../provider/essentials/address.ts";
import { isManagedType } from "../provider/essentials/schema.ts";
import { UserType } from "../provider/userType.ts";
import { isChange, type Decision } from "./policy/decision.ts";

/**
 * One resource for each managed user. What changes comes first, so that writing begins while the rest is still being
 * declared.
 */
export function declare(decisions: readonly Decision[]): void {
  const changes = decisions.filter(isChange);
  const others = decisions.filter((decision) => !isChange(decision));
  withoutStackTraces(() => {
    for (const { email, want, reason } of [...changes, ...others]) {
      if (isManagedType(want)) new UserType(foldAddress(email), { email, type: want, reason });
    }
  });
}

/** The SDK takes a source-mapped stack trace for every promise of every resource: a third of the time of a large run. */
function withoutStackTraces(work: () => void): void {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = undefined as never;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
