import { createHash } from "node:crypto";
import { CsvError, parse } from "csv-parse/sync";
import { isHeader, type ColumnNames } from "../columns.ts";
import { decode, type Encoding } from "./decode.ts";
import { FeedError, type RawFeed, type RawRecord } from "../row.ts";

/** How to read a CSV, where the file itself does not tell. */
export interface CsvFormat {
  readonly columns: ColumnNames;
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: string | undefined;
  /** How many lines a trailer's count has besides the rows: the header, the trailer itself. */
  readonly trailerExtra: number;
}

export interface CsvFile {
  /** As messages name it: `the HR feed /data/hr.csv`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly modified?: string;
}

/**
 * Takes an HR export apart, strictly: a row too many or too few cells, a quote that never closes, a byte that fits no
 * encoding stop the read. Half a feed would turn the other half into leavers.
 * @throws FeedError naming the file, the line and what to do
 */
export function parseCsv({ name, bytes, modified }: CsvFile, format: CsvFormat): RawFeed {
  const refuse: Refuse = (what, remedy) => {
    throw new FeedError(`Could not read ${name}: ${what}. ${remedy} Nothing was changed.`);
  };
  const decoded = decode(bytes, format.encoding);
  if ("problem" in decoded) {
    return refuse(
      decoded.problem,
      "Export it again as CSV UTF-8 (in Excel: “CSV UTF-8 (comma delimited)”), or set proofpoint:hr.encoding.",
    );
  }
  const { text, delimiter, skipped } = chooseDelimiter(decoded.text.replace(/\r\n?/g, "\n"), format, refuse);
  const [header, ...body] = parseRecords(text, delimiter, skipped, refuse);
  if (!header) return refuse("it is empty", "Export it again.");
  const width = header.cells.length;
  if (!isHeader(header.cells, format.columns)) refuseHeader(width, refuse);

  const records = withoutTrailer(body, format.trailerExtra, refuse);
  refuseSwallowed(records, delimiter, width, refuse);
  const ragged = records.find(({ cells }) => cells.length !== width);
  if (ragged) {
    const last = ragged === records.at(-1) && !text.endsWith("\n");
    refuse(
      `line ${ragged.at} has ${ragged.cells.length} cells where the header has ${width}${last ? ", and the file ends in it: it was cut short" : ""}`,
      "Export it again, or correct that line.",
    );
  }
  const openEnd = !text.endsWith("\n");
  if (records.length === 0) refuse("it has a header and no rows", "An empty export never means that everybody left. Export it again.");
  return {
    name,
    columns: header.cells,
    records,
    unit: "line",
    hash: createHash("sha256").update(bytes).digest("hex"),
    notes: [
      ...(decoded.note === undefined ? [] : [decoded.note]),
      ...(openEnd ? ["The HR feed does not end with a line end; if it was cut short there, nobody can tell."] : []),
    ],
    ...(decoded.guessed && { guessed: true }),
    ...(openEnd && { openEnd: true }),
    ...(modified === undefined ? {} : { modified }),
  };
}

type Refuse = (what: string, remedy: string) => never;

/** What may stand between two cells. */
export const delimiters = [",", ";", "\t", "|"] as const;
/** No field of an export is longer; a quote that swallowed the rest of the file is. */
const longestCell = 32_767;

/** The delimiter under which the first line is a header; Excel's own `sep=;` line says it outright. */
function chooseDelimiter(text: string, format: CsvFormat, refuse: Refuse): { text: string; delimiter: string; skipped: number } {
  const declared = /^sep=(.)\n/i.exec(text);
  const body = declared ? text.slice(declared[0].length) : text;
  const skipped = declared ? 1 : 0;
  const given = format.delimiter ?? declared?.[1];
  if (given !== undefined) return { text: body, delimiter: given, skipped };
  const first = body.split("\n").find((line) => line.trim() !== "") ?? "";
  if (first === "") return { text: body, delimiter: ",", skipped };
  const found = delimiters.find((delimiter) => isHeader(splitLine(first, delimiter), format.columns));
  if (found !== undefined) return { text: body, delimiter: found, skipped };
  return refuseHeader(Math.max(...delimiters.map((delimiter) => splitLine(first, delimiter).length)), refuse);
}

/** What stands there instead may be a row about somebody: it is not repeated. */
function refuseHeader(width: number, refuse: Refuse): never {
  return refuse(
    `its first line (${width} cells) is not a header: no column of an address or a status is in it`,
    "Export it with a header row, or name its columns in proofpoint:hr.columns.",
  );
}

/** A line end inside a cell may be a note of two lines, or a missing quote that swallowed the rows after it. */
function refuseSwallowed(records: readonly RawRecord[], delimiter: string, width: number, refuse: Refuse): void {
  const isRow = (line: string) => line.includes("@") || line.split(delimiter).length >= width;
  const found = records.find(({ cells }) => cells.some((cell) => cell.includes("\n") && cell.split("\n").some(isRow)));
  if (found)
    refuse(
      `line ${found.at} has a line end inside a cell, so it may have swallowed the next row`,
      "Export it again, or correct that line.",
    );
}

/** The cells of a header, which has no line ends. */
export function splitLine(line: string, delimiter: string): string[] {
  return line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}

function parseRecords(text: string, delimiter: string, skipped: number, refuse: Refuse): RawRecord[] {
  if (text.includes("\0")) return refuse("it contains NUL bytes, so it is not a text file in UTF-8", "Export it again as CSV UTF-8.");
  try {
    const parsed = parse(text, {
      delimiter,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      relax_column_count: true,
      info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => {
      // `lines` counts to the end of a record, and a quoted cell may span several.
      const at = info.lines - countLineEnds(record) + skipped;
      const huge = record.find((cell) => cell.length > longestCell);
      if (huge !== undefined)
        refuse(`line ${at} has a cell of ${huge.length} characters, so a quote may be missing`, "Export it again, or correct that line.");
      return { at, cells: record };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The line where the quote was opened, where the message knows it: the line counted is the end of the file.
    const opened = /opening quote at line (\d+)/.exec(error.message)?.[1];
    const counted = opened === undefined ? error["lines"] : Number(opened);
    const line = typeof counted === "number" ? counted + skipped : undefined;
    return refuse(`${line === undefined ? "" : `line ${line}: `}${explain(error)}`, "Export it again, or correct that line.");
  }
}

function countLineEnds(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) if (cell.includes("\n")) count += cell.split("\n").length - 1;
  return count;
}

function explain(error: CsvError): string {
  return error.code === "CSV_QUOTE_NOT_CLOSED"
    ? "a quoted cell is never closed, so the file may be cut short"
    : "a quote stands where none may be";
}

const trailerWord = /^(total|trailer|count|row ?count|rows|record ?count|records|end|eof|footer|tlr|trl)\b/i;

/**
 * Some systems end a file with `TRAILER,1140`. It is taken for one where its first cell says so and the rest is numbers
 * or nothing; every number in it must be the count of the rows.
 */
function withoutTrailer(body: readonly RawRecord[], extra: number, refuse: Refuse): readonly RawRecord[] {
  const last = body.at(-1);
  const filled = last?.cells.filter((cell) => cell !== "") ?? [];
  const [first = ""] = filled;
  if (!last || !trailerWord.test(first) || filled.slice(1).some((cell) => !/^\d+$/.test(cell))) return body;
  const counts = [...filled.slice(1), ...(/\d+/.exec(first) ?? [])].map(Number);
  const rows = body.length - 1;
  if (counts.some((count) => count !== rows + extra))
    refuse(
      `its trailer in line ${last.at} counts ${counts.join(", ")}, and it has ${rows} rows`,
      "It was cut short. Export it again; if the count includes header or trailer, set proofpoint:hr.trailerExtra to 1 or 2.",
    );
  return body.slice(0, -1);
}
