import { z } from "zod";
import { readCsv } from "./csv.ts";
import { rowColumns, type Feed } from "./row.ts";

const column = (name: string) => z.string().trim().min(1).default(name);

/** Where HR data comes from (`proofpoint:hr`). */
export const hrSchema = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("csv"),
    path: z.string().trim().min(1),
    columns: z
      .strictObject({
        status: column(rowColumns.status),
        email: column(rowColumns.email),
        companyCode: column(rowColumns.companyCode),
        workerCategoryCode: column(rowColumns.workerCategoryCode),
        locationCode: column(rowColumns.locationCode),
      })
      .prefault({}),
  }),
]);
export type HrSettings = z.infer<typeof hrSchema>;

/** Reads the whole feed, or throws FeedError. One read, no repair, no guess. */
export function readFeed(settings: HrSettings, projectRoot: string): Promise<Feed> {
  return readCsv(settings, projectRoot);
}
