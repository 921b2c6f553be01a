import { writeFile } from "node:fs/promises";
import type { Member } from "../../fleet/settings.ts";
import { stackFile } from "../../fleet/stackFile.ts";
import { readIfThere } from "../../program/files/readIfThere.ts";
import { preparePulumi } from "../cli/preparePulumi.ts";
import { pulumi, pulumiJson } from "../stackConfig.ts";

/** Writes what each stack is configured with, and makes the stacks that are missing. Secrets are references, never values. */
export async function init(members: readonly Member[], secretsProvider: string | undefined): Promise<number> {
  const environment = await preparePulumi(undefined);
  const stacks = await pulumiJson<readonly { readonly name: string }[]>(["stack", "ls", "--json"], environment);
  const known = new Set(stacks.map(({ name }) => name.split("/").at(-1)));
  // Somebody else's file is found before anything is made.
  for (const member of members) stackFile(member, await readStackFile(member.stack));
  let [made, written] = [0, 0];
  for (const member of members) {
    const { stack } = member;
    if (!known.has(stack)) {
      const secrets = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
      await pulumi(["stack", "init", stack, "--no-select", ...secrets], environment);
      made += 1;
    }
    const before = await readStackFile(stack);
    const content = stackFile(member, before);
    if (content === before) continue;
    await writeFile(`Pulumi.${stack}.yaml`, content);
    written += 1;
  }
  console.log(
    `${members.length} organisations: ${made} stacks made, ${written} stack files written, ${members.length - written} as they were.`,
  );
  return 0;
}

/** The file of a stack as it is; empty where there is none. */
export async function readStackFile(stack: string): Promise<string> {
  return readIfThere(`Pulumi.${stack}.yaml`);
}
