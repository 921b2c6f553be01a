import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pulumiEnvironment } from "./environment.ts";
import { findPulumi } from "./findPulumi.ts";
import { run } from "./run.ts";

const project = "proofpoint";

/**
 * Everything a Pulumi command needs: the CLI, its environment, and, where state is kept in a folder, that folder and
 * the stack in it. A stack that has a configuration file and no state yet is created; Pulumi would ask.
 */
export async function preparePulumi(stack: string | undefined): Promise<Record<string, string>> {
  const environment = pulumiEnvironment(await findPulumi((line) => console.error(line)));
  const folder = environment["PULUMI_BACKEND_URL"]?.match(/^file:\/\/(\/.*)/)?.[1];
  if (folder === undefined) return environment;
  await mkdir(folder, { recursive: true });
  if (stack !== undefined && existsSync(`Pulumi.${stack}.yaml`) && !hasStack(folder, stack)) {
    console.error(`The stack ${stack} has a configuration and no state yet: pulumi stack init ${stack}`);
    const code = await run("pulumi", ["stack", "init", stack, "--no-select"], { env: environment });
    if (code !== 0) throw new Error(`The stack ${stack} could not be created.`);
  }
  return environment;
}

function hasStack(folder: string, stack: string): boolean {
  const file = join(folder, ".pulumi", "stacks", project, `${stack}.json`);
  return existsSync(file) || existsSync(`${file}.gz`);
}
