import { readFile, rm } from "node:fs/promises";
import { preparePulumi } from "../cli/preparePulumi.ts";
import { runAloud } from "../cli/run.ts";
import { readStackConfig } from "../stackConfig.ts";
import type { Outcome } from "./body.ts";
import { tokenVariables } from "./forge.ts";

/**
 * One Pulumi command on one stack, as a pipeline runs it: printed as it goes, without colours, and never with a token of
 * the forge in its environment. The report is where the stack's `proofpoint:report` says.
 */
export async function runStack(stack: string, command: string, args: readonly string[]): Promise<Outcome> {
  const prepared = await preparePulumi(stack);
  const environment = Object.fromEntries(
    Object.entries(prepared).filter(([name]) => !(tokenVariables as readonly string[]).includes(name)),
  );
  const path = (await readStackConfig(stack, environment)).read("report");
  if (!path) throw new Error(`proofpoint:report of ${stack} is not set. A pipeline shows the report: set it to out/${stack}.`);
  // A report of an earlier run would be taken for this one's.
  await rm(`${path}.md`, { force: true });
  await rm(`${path}.json`, { force: true });
  const options = ["--stack", stack, "--suppress-progress", "--color", "never", "--non-interactive", ...args];
  const { code, said } = await runAloud("pulumi", [command, ...options], { env: environment });
  const report = await readFile(`${path}.md`, "utf8").catch(() => undefined);
  return { stack, code, report, said };
}
