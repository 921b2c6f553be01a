import * as pulumi from "@pulumi/pulumi";
import { isForPeople, onOneLine } from "../provider/essentials/errors.ts";
import type { Evaluation } from "./evaluate.ts";
import type { Finding } from "./readiness/finding.ts";

type Verdict = Pick<Evaluation, "violations" | "approved" | "unfit">;

/** What people can act on is printed as the sentence it is; anything else is a fault of this program and keeps its stack. */
export function stopClearly(error: unknown): never {
  if (isForPeople(error)) throw new pulumi.RunError(error.message);
  throw error;
}

/** @throws RunError with everything that would make an up fail, or do the wrong thing */
export function refuseProblems(findings: readonly Finding[], stack: string): void {
  const problems = findings.filter(({ level }) => level === "problem");
  if (problems.length === 0) return;
  stopWith([
    "Nothing was changed: this run is not ready.",
    ...problems.map(({ subject, message }) => `  ${subject}: ${message}`),
    `The whole check-up: npm run doctor -- -s ${stack}`,
  ]);
}

/** @throws RunError with what the stack that goes ahead has applied and this one has not */
export function refuseUnpromoted({ unpromoted }: Pick<Evaluation, "unpromoted">): void {
  if (unpromoted.length === 0) return;
  stopWith(["Nothing was changed: this stack follows another one (proofpoint:promotesFrom).", ...unpromoted.map((line) => `  ${line}`)]);
}

/** @throws RunError with everything the run would exceed, where no approval lets it pass */
export function refuseViolations({ violations, approved, unfit }: Verdict, stack: string): void {
  if (violations.length === 0 || approved) return;
  stopWith([
    `Nothing was changed: this run would exceed ${violations.length === 1 ? "a limit" : `${violations.length} limits`}.`,
    ...violations.map(({ key, message }) => `  ${message} (${key})`),
    ...(unfit === undefined ? [] : [unfit]),
    "First look at the HR feed: a short or wrong export is the usual cause. If every change is right, approve exactly these changes, once:",
    `  npm run approve -- -s ${stack} --reason "why they are right"`,
  ]);
}

function stopWith(lines: readonly string[]): never {
  throw new pulumi.RunError(lines.map(onOneLine).join("\n"));
}
