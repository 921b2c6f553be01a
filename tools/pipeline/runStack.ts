import { readFile, rm } from "node:fs/promises";
import type { Report } from "../../program/report.ts";
import { preparePulumi } from "../cli/preparePulumi.ts";
import { runAloud } from "../cli/run.ts";
import { readStackConfig } from "../stackConfig.ts";
import type { Outcome } from "./body.ts";
import { cleanLine } from "./cleanLine.ts";
import { tokenVariables } from "./forge.ts";

/**
 * One Pulumi command on one stack, as a pipeline runs it: printed as it goes, without colours, and never with a token of
 * the forge in its environment. Whatever goes wrong is an outcome: somebody has to be told.
 */
export async function runStack(stack: string, command: string, args: readonly string[]): Promise<Outcome> {
  try {
    return await attempt(stack, command, args);
  } catch (error) {
    const { message } = error as Error;
    console.error(message);
    return { stack, code: 1, report: undefined, said: `error: ${message}` };
  }
}

/** The report is where the stack's `proofpoint:report` says. */
async function attempt(stack: string, command: string, args: readonly string[]): Promise<Outcome> {
  const prepared = await preparePulumi(stack);
  const environment = Object.fromEntries(Object.entries(prepared).filter(([name]) => !tokenVariables.includes(name)));
  const { read, secrets } = await readStackConfig(stack, environment);
  const path = read("report");
  if (!path) throw new Error(`proofpoint:report of ${stack} is not set. A pipeline shows the report: set it to out/${stack}.`);
  // A report of an earlier run would be taken for this one's.
  await rm(`${path}.md`, { force: true });
  await rm(`${path}.json`, { force: true });
  const options = ["--stack", stack, "--suppress-progress", "--color", "never", "--non-interactive", ...args];
  const { code, said } = await runAloud("pulumi", [command, ...options], { env: environment }, (line) => cleanLine(line, secrets));
  const report = await readFile(`${path}.md`, "utf8").catch(() => undefined);
  const json = await readFile(`${path}.json`, "utf8").catch(() => undefined);
  if (json === undefined) return { stack, code, report, said };
  const { violations, waiting, held } = JSON.parse(json) as Report;
  const conflicts = held.flatMap(({ decisions }) => decisions).filter(({ rule }) => rule === "conflict").length;
  return { stack, code, report, said, facts: { violations: violations.length, waiting, conflicts } };
}
