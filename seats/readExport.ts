import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CsvError, parse as parseCsv } from "csv-parse/sync";
import { delimiters, splitLine } from "../program/hr/csv/csv.ts";
import { decode, markOf } from "../program/hr/csv/decode.ts";
import { doubles } from "../program/lists/doubles.ts";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import type { BillingSide } from "./billingSide.ts";
import type { SeatsSettings } from "./settings.ts";

/** The export of a billing system could not be read. */
export class ExportError extends ErrorForPeople {}

export type Export = Exclude<SeatsSettings["billing"], { source: "synthesize" }>;
type Refuse = (why: string) => never;

interface Row {
  /** Where it stands: `line 7`, `entry 3`. */
  readonly at: string;
  readonly cells: Readonly<Record<string, unknown>>;
}

/**
 * What an export of a billing system says is billed, read whole.
 * @param root the folder its path starts from
 * @throws ExportError naming the file and the line
 */
export async function readExport({ source, path, columns }: Export, root: string): Promise<BillingSide> {
  const file = resolve(root, path);
  const refuse: Refuse = (why) => {
    throw new ExportError(`The export ${file} cannot be used: ${why}. Nothing was reconciled.`);
  };
  const bytes = await readFile(file).catch((error: unknown) => refuse((error as NodeJS.ErrnoException).code ?? "it cannot be read"));
  const decoded = decode(bytes, undefined);
  if ("problem" in decoded) return refuse(decoded.problem);
  const wanted = Object.values(columns).filter((column) => column !== undefined);
  const delimiter = findDelimiter(decoded.text, wanted);
  const rows = source === "csv" ? readCsv(decoded.text, { delimiter, wanted }, refuse) : readJson(decoded.text, wanted, refuse);
  if (rows.length === 0) return refuse("it is empty");
  const lines = rows.map(({ at, cells }) => {
    const cell = (column: string | undefined) => {
      const value = column === undefined ? "" : cells[column];
      return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    };
    const [account, service, count] = [cell(columns.account), cell(columns.service), cell(columns.seats)];
    if (account === "" || service === "") return refuse(`${at} has no account or no service`);
    // 1,000 is a thousand; 1.000 and 1,5 are another number elsewhere. It counts where the service is one of ours.
    const isCount = /^(\d{1,9}|\d{1,3}(,\d{3}){1,2})$/.test(count);
    const seats = isCount ? Number(count.replaceAll(",", "")) : `${at} of ${file} has no whole number of seats, but "${count}"`;
    return { id: cell(columns.accountId) || account, account, service, seats, domain: cell(columns.domain).toLowerCase() };
  });
  const accounts = Map.groupBy(lines, ({ id }) => id);
  const services = Map.groupBy(lines, ({ service }) => serviceId(service));
  return {
    name: path,
    accounts: [...accounts].map(([id, each]) => {
      const domain = each.find((line) => line.domain !== "")?.domain;
      return { id, name: each[0]?.account ?? id, ...(domain !== undefined && { domain }) };
    }),
    services: [...services].map(([id, each]) => ({ id, name: each[0]?.service ?? id })),
    billed: lines.flatMap(({ id, service, seats }) =>
      typeof seats === "number" ? [{ account: id, service: serviceId(service), seats }] : [],
    ),
    takesZero: true,
    form: { encoding: decoded.encoding, hasMark: markOf(bytes) !== undefined, delimiter },
    unread: lines.flatMap(({ service, seats }) => (typeof seats === "string" ? [{ service: serviceId(service), problem: seats }] : [])),
  };
}

/** Services of an export have no ID: in another case, or with another blank, it is the same one. */
export function serviceId(name: string): string {
  return name.trim().toLowerCase().replace(/\s+/g, " ");
}

/** The one under which the first line has the columns that are asked for. */
function findDelimiter(text: string, wanted: readonly string[]): string {
  const header = text.split(/\r?\n/).find((line) => line.trim() !== "") ?? "";
  return delimiters.find((delimiter) => wanted.every((column) => splitLine(header, delimiter).includes(column))) ?? ",";
}

interface CsvForm {
  readonly delimiter: string;
  readonly wanted: readonly string[];
}

function readCsv(text: string, { delimiter, wanted }: CsvForm, refuse: Refuse): readonly Row[] {
  const records = parseRecords(text, delimiter, refuse);
  const [header, ...body] = records;
  const names = header?.record ?? [];
  refuseMissing(names, wanted, refuse);
  const twice = doubles(names).filter((name) => wanted.includes(name));
  if (twice.length > 0) refuse(`it has more than one column ${twice.join(", ")}`);
  return body.map(({ record, info }) => ({
    at: `line ${info.lines}`,
    cells: Object.fromEntries(names.map((name, index) => [name, record[index]])),
  }));
}

function parseRecords(text: string, delimiter: string, refuse: Refuse): readonly { record: string[]; info: { lines: number } }[] {
  try {
    const options = { bom: true, delimiter, skip_empty_lines: true, trim: true, info: true } as const;
    return parseCsv(text, options) as unknown as { record: string[]; info: { lines: number } }[];
  } catch (error) {
    return refuse(error instanceof CsvError ? `it is not CSV: ${error.message}` : "it is not CSV");
  }
}

function readJson(text: string, wanted: readonly string[], refuse: Refuse): readonly Row[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    return refuse("it is not JSON");
  }
  if (!Array.isArray(entries)) return refuse("it is no list");
  return entries.map((entry: unknown, at) => {
    if (typeof entry !== "object" || entry === null) return refuse(`entry ${at + 1} is no object`);
    if (at === 0) refuseMissing(Object.keys(entry), wanted, refuse);
    return { at: `entry ${at + 1}`, cells: entry as Record<string, unknown> };
  });
}

function refuseMissing(names: readonly string[], wanted: readonly string[], refuse: Refuse): void {
  const missing = wanted.filter((name) => !names.includes(name));
  if (names.length === 0) refuse("it is empty");
  if (missing.length > 0) refuse(`it has no column ${missing.join(", ")}; it has ${names.join(", ")}`);
}
