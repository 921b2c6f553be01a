import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { FeedError, rowColumns, type Feed, type HrRow, type RowField } from "./row.ts";

export interface CsvSettings {
  /** Absolute, or relative to the project's root. */
  readonly path: string;
  /** The file's column names, where they differ from the standard ones. */
  readonly columns: Readonly<Record<RowField, string>>;
}

/**
 * Reads an HR export in UTF-8 with a header row, strictly: a row too many or too few cells, a missing or doubled
 * column, a byte that is not UTF-8 stop the read. Half a feed would turn the other half into leavers.
 * @throws FeedError naming the file, the line and what to do
 */
export async function readCsv({ path, columns }: CsvSettings, projectRoot: string): Promise<Feed> {
  const file = resolve(projectRoot, path);
  const refuse = (what: string, remedy: string): never => {
    throw new FeedError(`Could not read the HR feed ${file}: ${what}. ${remedy} Nothing was changed.`);
  };

  const { bytes, modified } = await load(file).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    return refuse(
      code === "ENOENT" ? "there is no such file" : `the system answered ${code ?? message}`,
      "Check proofpoint:hr.path; it is relative to the project's root.",
    );
  });
  const records = parseRecords(decode(bytes, refuse), refuse);
  const [header, ...body] = records;
  if (!header) return refuse("it is empty", "Export it again.");

  const at = locateColumns(header.record, columns, refuse);
  const width = header.record.length;
  const ragged = body.find(({ record }) => record.length !== width);
  if (ragged)
    return refuse(
      `line ${ragged.line} has ${ragged.record.length} cells where the header has ${width}`,
      "Export it again, or correct that line.",
    );
  const rows = body.map(({ record, line }) => pickFields(record, line, at));
  const swallowed = rows.find((row) => Object.values(row).some((value) => typeof value === "string" && value.includes("\n")));
  if (swallowed)
    refuse(
      `line ${swallowed.line} has a line end inside a cell, so it may have swallowed the next row`,
      "Export it again, or correct that line.",
    );
  if (rows.length === 0) refuse("it has a header and no rows", "An empty export never means that everybody left. Export it again.");
  return { rows, columns: header.record, hash: createHash("sha256").update(bytes).digest("hex"), modified };
}

type Refuse = (what: string, remedy: string) => never;

/** @throws where the file changes while it is read: somebody is still writing it */
async function load(file: string): Promise<{ bytes: Buffer; modified: string }> {
  const before = await stat(file);
  const bytes = await readFile(file);
  const after = await stat(file);
  if (after.size !== bytes.length || after.mtimeMs !== before.mtimeMs) throw new Error("that it changed while it was read");
  return { bytes, modified: after.mtime.toISOString() };
}

function decode(bytes: Buffer, refuse: Refuse): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const line = 1 + countLinesBeforeDamage(bytes);
    return refuse(`line ${line} is not UTF-8`, "Export it again as CSV UTF-8 (in Excel: “CSV UTF-8 (comma delimited)”).");
  }
}

/** Line ends before the first line that is not UTF-8. Line feeds are never part of a longer UTF-8 sequence. */
function countLinesBeforeDamage(bytes: Buffer): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let lines = 0;
  for (let start = 0; start < bytes.length; lines++) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    try {
      decoder.decode(line);
    } catch {
      return lines;
    }
    start = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

interface CsvRecord {
  readonly record: string[];
  readonly line: number;
}

function parseRecords(text: string, refuse: Refuse): CsvRecord[] {
  if (text.includes("\0")) return refuse("it contains NUL bytes, so it is not a text file in UTF-8", "Export it again as CSV UTF-8.");
  try {
    const parsed = parse(text.replace(/\r\n?/g, "\n"), {
      skip_empty_lines: true,
      trim: true,
      relax_column_count: true,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    // `lines` counts to the end of a record, and a quoted cell may span several.
    return parsed.map(({ record, info }) => ({ record, line: info.lines - record.join("").split("\n").length + 1 }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : undefined;
    return refuse(`${line === undefined ? "" : `line ${line}: `}${explain(error)}`, "Export it again, or correct that line.");
  }
}

function explain(error: CsvError): string {
  return error.code === "CSV_QUOTE_NOT_CLOSED"
    ? "a quoted cell is never closed, so the file may be cut short"
    : "a quote stands where none may be";
}

function locateColumns(header: readonly string[], columns: CsvSettings["columns"], refuse: Refuse): Record<RowField, number> {
  const names = header.map((name) => name.toLowerCase());
  const fields = Object.keys(rowColumns) as RowField[];
  const find = (field: RowField) => names.indexOf(columns[field].toLowerCase());
  const missing = fields.filter((field) => find(field) < 0).map((field) => columns[field]);
  if (missing.length === fields.length) {
    // What stands there instead may be a row about somebody: it is not repeated.
    refuse(
      `its first line (${header.length} cells) is not a header: none of the columns ${missing.join(", ")} is in it`,
      "Export it with a header row, or name its columns in proofpoint:hr.columns.",
    );
  }
  if (missing.length > 0)
    refuse(
      `it has no column ${missing.join(", ")}; its first line reads: ${header.join(", ").slice(0, 200)}`,
      "Export it with that column, or name it in proofpoint:hr.columns.",
    );
  const doubled = fields.map((field) => columns[field].toLowerCase()).filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (doubled.length > 0) refuse(`the column ${doubled.join(", ")} stands there twice`, "Export it with each column once.");
  return Object.fromEntries(fields.map((field) => [field, find(field)])) as Record<RowField, number>;
}

function pickFields(record: readonly string[], line: number, at: Record<RowField, number>): HrRow {
  const pick = (field: RowField) => record[at[field]] ?? "";
  return {
    line,
    status: pick("status"),
    email: pick("email"),
    companyCode: pick("companyCode"),
    workerCategoryCode: pick("workerCategoryCode"),
    locationCode: pick("locationCode"),
  };
}
