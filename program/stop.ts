import * as pulumi from "@pulumi/pulumi";
import { isForPeople } from "../provider/essentials/errors.ts";
import type { Violation } from "./guard.ts";

/** What people can act on is printed as the sentence it is; anything else is a fault of this program and keeps its stack. */
export function stopClearly(error: unknown): never {
  if (isForPeople(error)) throw new pulumi.RunError(error.message);
  throw error;
}

/** @throws RunError with every limit the run would exceed */
export function refuseViolations(violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  throw new pulumi.RunError(
    [
      `Nothing was changed: this run would exceed ${violations.length === 1 ? "a limit" : `${violations.length} limits`}.`,
      ...violations.map(({ key, message }) => `  ${message} (${key})`),
      "First look at the HR feed: a short or wrong export is the usual cause. If every change is right, raise the limit, and set it back after the run:",
      ...violations.flatMap(({ raise }) => raise.map(([key, value]) => `  pulumi config set --path ${key} ${value}`)),
    ].join("\n"),
  );
}
