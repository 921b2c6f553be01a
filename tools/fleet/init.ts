import { readFile, writeFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import type { Member } from "../../fleet/settings.ts";
import { preparePulumi } from "../cli/preparePulumi.ts";
import { pulumi, pulumiJson } from "../stackConfig.ts";

type StackFile = Readonly<Record<string, unknown>> & { readonly config?: Readonly<Record<string, unknown>> };

/** Writes what each stack is configured with, and makes the stacks that are missing. Secrets are references, never values. */
export async function init(members: readonly Member[], secretsProvider: string | undefined): Promise<number> {
  const environment = await preparePulumi(undefined);
  const stacks = await pulumiJson<readonly { readonly name: string }[]>(["stack", "ls", "--json"], environment);
  const known = new Set(stacks.map(({ name }) => name.split("/").at(-1)));
  let [made, written] = [0, 0];
  for (const { stack, config } of members) {
    if (!known.has(stack)) {
      const secrets = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
      await pulumi(["stack", "init", stack, "--no-select", ...secrets], environment);
      made += 1;
    }
    if (await writeStackFile(`Pulumi.${stack}.yaml`, config)) written += 1;
  }
  console.log(
    `${members.length} organisations: ${made} stacks made, ${written} stack files written, ${members.length - written} as they were.`,
  );
  return 0;
}

/** What Pulumi wrote there, and an approval somebody gave, stay. @returns whether it was changed */
async function writeStackFile(path: string, config: Member["config"]): Promise<boolean> {
  const before = await readFile(path, "utf8").catch(() => "");
  const { config: old = {}, ...rest } = (parse(before) ?? {}) as StackFile;
  const approval = old["proofpoint:approval"];
  const keys = Object.entries(config).map(([key, value]) => [`proofpoint:${key}`, value] as const);
  const content = stringify({
    ...rest,
    config: { ...Object.fromEntries(keys), ...(approval !== undefined && { "proofpoint:approval": approval }) },
  });
  if (content === before) return false;
  await writeFile(path, content);
  return true;
}
