import { ErrorForPeople } from "../../provider/essentials/errors.ts";

/** The columns every feed must have, under these names or under the names `proofpoint:hr.columns` gives. */
export const rowColumns = {
  status: "status",
  email: "email",
  companyCode: "company_code",
  workerCategoryCode: "worker_category_code",
  locationCode: "location_code",
} as const;
export type RowField = keyof typeof rowColumns;

/** One row of the feed. Everything else HR sends is dropped by the reader. Every value is text, as it stands there. */
export type HrRow = Readonly<Record<RowField, string>> & {
  /** Where it stands, for messages: the line of a file, from 1. */
  readonly line: number;
};

/** What a source read, whole. */
export interface Feed {
  readonly rows: readonly HrRow[];
  /** What the feed looked like, for comparing runs. */
  readonly columns: readonly string[];
  /** SHA-256 of the content as it was read. */
  readonly hash: string;
  /** When the content was last changed, ISO 8601, where the source can tell. */
  readonly modified?: string;
}

/** The feed could not be read as a whole. It never counts as an empty one. */
export class FeedError extends ErrorForPeople {}
