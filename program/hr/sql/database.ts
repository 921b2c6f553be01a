export interface Limits {
  readonly timeoutMs: number;
  readonly maxRows: number;
}

/** A database, as far as one SELECT needs it. Every value arrives as text, NULL as the empty text. */
export interface Database {
  /** @throws TooManyRows, or whatever the driver throws */
  select(query: string, onRow: (count: number) => void): Promise<{ columns: string[]; rows: string[][] }>;
  close(): Promise<void>;
}
export type Connect = (connection: string, limits: Limits) => Promise<Database>;

export class TooManyRows extends Error {}
