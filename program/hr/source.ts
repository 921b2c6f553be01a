import { z } from "zod";
import { numeric } from "../../provider/essentials/config.ts";
import { adpKeys, readAdp } from "./adp/adp.ts";
import { locateColumns, rowColumns, rowFields, type ColumnNames, type RowField } from "./columns.ts";
import { parseCsv } from "./csv/csv.ts";
import type { Day } from "./date.ts";
import { encodings } from "./csv/decode.ts";
import type { Reader } from "./evidence.ts";
import { watchRead, type Progress } from "./progress.ts";
import { readHrFile } from "./csv/file.ts";
import { readHttp } from "./http/http.ts";
import { httpKeys } from "./http/httpSettings.ts";
import { FeedError, toRow, type Feed, type HrRow, type RawFeed } from "./row.ts";
import type { SourceContext } from "./sourceContext.ts";
import { readSftp, sftpKeys } from "./csv/sftp.ts";
import { readSql, sqlKeys } from "./sql/sql.ts";
import { createVocabulary, meanings, type Words } from "./status.ts";

const reading = {
  /** What status words of this feed mean, where they differ from the built-in ones: `inactive: terminated`. */
  words: z.record(z.string(), z.enum(meanings)).default({}),
  /** Which part of 10/11/2026 comes first. */
  dateOrder: z.enum(["mdy", "dmy"]).optional(),
};
const columns = {
  columns: z
    .partialRecord(z.enum(rowFields as [RowField, ...RowField[]]), z.string().trim())
    .refine(({ email, status }) => email !== "" && status !== "", "must not take the address or the status away")
    .default({}),
};

/** Where HR data comes from (`proofpoint:hr`). */
export const hrSchema = z.discriminatedUnion("source", [
  z
    .strictObject({
      source: z.literal("csv"),
      /** A path, absolute or relative to the project's root, or sftp://user@host/path. */
      path: z.string().trim().min(1),
      sftp: sftpKeys.optional(),
      encoding: z.enum(encodings).optional(),
      delimiter: z
        .string()
        .transform((text) => (text === "tab" || text === "\\t" ? "\t" : text))
        .refine((text) => text.length === 1 && !/[\s"]/.test(text.replace("\t", ";")), 'must be one character such as ";", or tab')
        .optional(),
      trailerExtra: numeric(z.number().int().min(0).max(2)).default(0),
      ...columns,
      ...reading,
    })
    .superRefine(({ path, sftp }, context) => {
      if (!path.startsWith("sftp:")) {
        if (/^\w{2,}:\/\//.test(path))
          context.addIssue({ code: "custom", path: ["path"], message: "must be a file, or begin with sftp://." });
        if (sftp) context.addIssue({ code: "custom", path: ["sftp"], message: "is set, and the path is no sftp:// address." });
        return;
      }
      if (!/^sftp:\/\/[^@/\s:]+@[^@/\s]+\/.+/.test(path) || !URL.canParse(path))
        context.addIssue({ code: "custom", path: ["path"], message: `must look like sftp://user@host/folder/hr.csv, without a password.` });
      if (!sftp)
        context.addIssue({
          code: "custom",
          path: ["sftp"],
          message: "is missing: it pins the server's key and says how to log in ({ hostKey: SHA256:…, password: { environment: NAME } }).",
        });
    }),
  z.strictObject({ source: z.literal("sql"), ...sqlKeys, ...columns, ...reading }),
  z.strictObject({ source: z.literal("adp"), ...adpKeys, ...reading }),
  z.strictObject({ source: z.literal("http"), ...httpKeys, ...reading }),
]);
export type HrSettings = z.infer<typeof hrSchema>;

/** What a source says of words that are ambiguous between systems: ADP's roll-up calls people on leave inactive. */
function wordsOf({ source, words }: HrSettings): readonly Words[] {
  return source === "adp" ? [{ inactive: "leave" }, words] : [words];
}

/** How rows of this source are to be understood on a day. */
export function readerOf(settings: HrSettings, today: Day, timeZone: string): Reader {
  return { readStatus: createVocabulary(...wordsOf(settings)), today, timeZone, dateOrder: settings.dateOrder };
}

/** Reads the whole feed, or throws FeedError. One read, no repair, no guess. */
export async function readFeed(settings: HrSettings, context: SourceContext): Promise<Feed> {
  return toFeed(await watchRead((progress) => fetchRecords(settings, context, progress), context.say), settings);
}

/** Finds the columns and takes the known fields out of every record. @throws FeedError with everything wrong about the header */
export function toFeed({ records, ...raw }: RawFeed, settings: HrSettings): Feed {
  // The HTTP source's own column map has been applied by the time the records are here, and ADP's are fixed.
  const names: ColumnNames = settings.source === "csv" || settings.source === "sql" ? settings.columns : ownColumns(raw.columns);
  const located = locateColumns(raw.columns, names);
  if ("problems" in located) {
    throw new FeedError(
      `Could not read ${raw.name}: ${located.problems.join("; ")}. Its columns are: ${raw.columns
        .map((column) => column.slice(0, 60))
        .join(", ")
        .slice(0, 400)}. Nothing was changed.`,
    );
  }
  const rows = records.map((record) => toRow(record, located.columns));
  refuseLineEnds(rows, raw);
  // Where a file ends without a line end, what may be cut short is its last column.
  const { openEnd, ...rest } = raw;
  const last = [...located.columns].find(([, index]) => index === raw.columns.length - 1)?.[0];
  const cut = openEnd && last !== undefined && !harmless.includes(last);
  return { ...rest, rows, fields: [...located.columns.keys()], ...(cut && { openEnd }) };
}

/** Columns whose end does not change what a row says of somebody. */
const harmless: readonly RowField[] = ["companyCode", "workerCategoryCode", "locationCode", "primary", "statusLabel", "personKey"];

/** A line end inside a cell that matters is a missing quote: the rest of the cell is another row. */
function refuseLineEnds(rows: readonly HrRow[], { name, unit }: Pick<RawFeed, "name" | "unit">): void {
  // Only in a file can a quote be missing.
  if (unit !== "line") return;
  const swallowed = rows.find((row) => rowFields.some((field) => row[field].includes("\n")));
  if (!swallowed) return;
  throw new FeedError(
    `Could not read ${name}: ${unit} ${swallowed.at} has a line end inside a cell, so it may have swallowed the next row. ` +
      "Export it again, or correct it. Nothing was changed.",
  );
}

async function fetchRecords(settings: HrSettings, context: SourceContext, progress: Progress): Promise<RawFeed> {
  switch (settings.source) {
    case "csv": {
      const file =
        settings.sftp && settings.path.startsWith("sftp:")
          ? await readSftp(settings.path, settings.sftp, context)
          : await readHrFile(settings, context);
      return parseCsv(file, settings);
    }
    case "sql":
      return readSql(settings, context, progress);
    case "adp":
      return readAdp(settings, context, progress);
    case "http":
      return readHttp(settings, context, progress);
  }
}

/** A source that makes its own columns has the codes its settings name, and no others are missing. */
function ownColumns(present: readonly string[]): ColumnNames {
  const codes = (["companyCode", "workerCategoryCode", "locationCode"] as const).filter((field) => !present.includes(rowColumns[field][0]));
  return Object.fromEntries(codes.map((field) => [field, ""]));
}
