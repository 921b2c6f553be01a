import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import { parse as parseYaml } from "yaml";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import { decode } from "./hr/csv/decode.ts";
import { exceptionSchema, type Exception } from "./policy/exceptions.ts";

/** The exceptions file cannot be used as it is. Without it, people would be converted whom it keeps. */
export class ExceptionsError extends ErrorForPeople {}

/**
 * Reads the exceptions (`proofpoint:exceptions`): a YAML list, or a CSV with the columns match, want, reason, owner,
 * expires.
 * @throws ExceptionsError with every wrong entry at once
 */
export async function readExceptions(path: string | undefined, projectRoot: string): Promise<readonly Exception[]> {
  if (path === undefined) return [];
  const file = resolve(projectRoot, path);
  const refuse = (...lines: readonly string[]): never => {
    throw new ExceptionsError(
      `The exceptions file ${file} cannot be used; nothing was changed.\n${lines.map((line) => `  ${line}`).join("\n")}`,
    );
  };
  const bytes = await readFile(file).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    return refuse(code === "ENOENT" ? "There is no such file (proofpoint:exceptions)." : `The system answered ${code ?? message}.`);
  });
  const decoded = decode(bytes, undefined);
  if ("problem" in decoded || decoded.guessed) return refuse("Save it as UTF-8: it has letters in another encoding.");
  if (decoded.text.trim() === "") return refuse("It is empty. A list without entries is written [].");
  let entries: unknown;
  try {
    entries = /\.ya?ml$/i.test(file) ? ((parseYaml(decoded.text) ?? []) as unknown) : parseTable(decoded.text);
  } catch (error) {
    // A pattern such as *@acme.com must stand in quotes: YAML takes the star for a reference.
    return refuse(`${(error as Error).message.split("\n")[0]} In YAML, put patterns into quotes: match: "*@acme.com".`);
  }
  if (!Array.isArray(entries))
    return refuse("It must be a list of entries with match, want, reason, owner and expires; in a CSV these are its header.");
  const checked = entries.map((entry) => exceptionSchema.safeParse(entry));
  const problems = checked.flatMap(({ error }, index) =>
    (error?.issues ?? []).map((issue) => `Entry ${index + 1}: ${[issue.path.join("."), issue.message].filter(Boolean).join(" ")}`),
  );
  if (problems.length > 0) return refuse(...problems);
  return checked.flatMap(({ data }) => data ?? []);
}

function parseTable(text: string): unknown {
  const [header = ""] = text.split(/\r?\n/);
  const delimiter = [",", ";", "\t"].find((each) => header.includes(each)) ?? ",";
  if (!/\bmatch\b/i.test(header)) return "no header";
  return parseCsv(text, {
    delimiter,
    columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
    bom: true,
    trim: true,
    skip_empty_lines: true,
  });
}
