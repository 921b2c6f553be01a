import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rules } from "../program/policy/rules.ts";

const begin = "<!-- rules: written by `npm run fix` from program/policy/rules.ts -->";
const end = "<!-- /rules -->";

/** The rules as the README shows them. */
export function rulesTable(): string {
  const rows = rules.map(({ id, condition, usually }) => `| ${id} | ${condition} | ${usually} |`);
  return ["| rule | applies to | outcome |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The README with today's rules in it. */
export function withRules(readme: string): string {
  const [before, rest = ""] = readme.split(begin);
  const [, after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`README.md has lost the marks ${begin} and ${end}.`);
  return `${before}${begin}\n\n${rulesTable()}\n\n${end}${after}`;
}

if (import.meta.main) {
  const path = fileURLToPath(new URL("../README.md", import.meta.url));
  await writeFile(path, withRules(await readFile(path, "utf8")));
}
