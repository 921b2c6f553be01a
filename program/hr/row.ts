import { ErrorForPeople } from "../../provider/essentials/errors.ts";
import type { ColumnMap, RowField } from "./columns.ts";

/** What a source fetched: text in columns, as it stands there. Nothing is interpreted yet. */
export interface RawFeed {
  /** What was read, for messages: `the HR feed /data/hr.csv`. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly records: readonly RawRecord[];
  /** What one record is called, for messages: `line`, `row`, `worker`, `record`. */
  readonly unit: string;
  /** SHA-256 of the content. */
  readonly hash: string;
  /** When the content was last changed, ISO 8601, where the source can tell. */
  readonly modified?: string;
  /** How it was read, where that was not certain: "as Windows-1252". Sentences. */
  readonly notes: readonly string[];
  /** Letters beyond ASCII may be others: the encoding was guessed. */
  readonly guessed?: true;
  /** The last record may be cut short: the file does not end with a line end. */
  readonly openEnd?: true;
}

export interface RawRecord {
  /** Where it stands, counted from 1 in the feed's unit. */
  readonly at: number;
  /** One for each column. */
  readonly cells: readonly string[];
}

/** One row of the feed: the fields a decision can need, as text. Everything else HR sends is dropped by the reader. */
export type HrRow = Readonly<Record<RowField, string>> & Pick<RawRecord, "at">;

/** What a source read, whole, as rows. */
export interface Feed extends Omit<RawFeed, "records"> {
  readonly rows: readonly HrRow[];
  /** The fields the feed has a column for. */
  readonly fields: readonly RowField[];
}

/** The feed could not be read as a whole. It never counts as an empty one. */
export class FeedError extends ErrorForPeople {}

/** Takes the known fields out of a record; everything else ends here. */
export function toRow({ at, cells }: RawRecord, columns: ColumnMap): HrRow {
  const pick = (field: RowField) => {
    const index = columns.get(field);
    return index === undefined ? "" : (cells[index] ?? "");
  };
  return {
    at,
    personKey: pick("personKey"),
    email: pick("email"),
    status: pick("status"),
    statusLabel: pick("statusLabel"),
    statusEffective: pick("statusEffective"),
    hireDate: pick("hireDate"),
    rehireDate: pick("rehireDate"),
    terminationDate: pick("terminationDate"),
    lastDay: pick("lastDay"),
    leaveType: pick("leaveType"),
    leaveStart: pick("leaveStart"),
    leaveReturn: pick("leaveReturn"),
    companyCode: pick("companyCode"),
    workerCategoryCode: pick("workerCategoryCode"),
    locationCode: pick("locationCode"),
    primary: pick("primary"),
  };
}
