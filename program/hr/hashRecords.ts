import { createHash } from "node:crypto";
import type { RawRecord } from "./row.ts";

/** SHA-256 of what a source without a file brought. */
export function hashRecords(columns: readonly string[], records: readonly RawRecord[]): string {
  const hash = createHash("sha256").update(JSON.stringify(columns));
  for (const { cells } of records) hash.update(`\n${JSON.stringify(cells)}`);
  return hash.digest("hex");
}
