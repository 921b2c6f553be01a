import { open, truncate } from "node:fs/promises";
import { z } from "zod";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import { readIfThere } from "./readIfThere.ts";

/** Why it was sent although counts fell by more than usual. */
const approvedSchema = z.object({
  /** Of the counts it was given for. */
  code: z.string(),
  reason: z.string(),
  by: z.string(),
});
export type Approved = Readonly<z.infer<typeof approvedSchema>>;

/** One thing that was sent, or could not be taken. */
const entrySchema = z.object({
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  account: z.string(),
  service: z.string(),
  seats: z.number().int().min(0),
  /** `unmapped`: the other side has mapped the account or the service to nothing. */
  outcome: z.enum(["sent", "unmapped"]),
  /** Whose billing it went to: counts of another integration say nothing about this one. */
  integration: z.string(),
  /** The cards were made anew with it. */
  built: z.literal(true).exactOptional(),
  approved: approvedSchema.exactOptional(),
});
export type Entry = Readonly<z.infer<typeof entrySchema>>;

/** The ledger is not whole. */
export class LedgerError extends ErrorForPeople {}

/** What was sent so far (`seats/ledger.jsonl`): the only memory there is, because nothing can be read back. */
export interface Ledger {
  readonly entries: readonly Entry[];
  /** Written to the disk before it returns. */
  add(entry: Entry): Promise<void>;
}

/**
 * A line each, only ever added to. A run that was killed may have left half a line at the end, of a count that was sent: it
 * is taken for one that was not, and is sent again. Opening changes nothing; the half line goes with the next entry.
 * @throws LedgerError for a broken line anywhere else: somebody has edited it
 */
export async function openLedger(path: string): Promise<Ledger> {
  const text = await readIfThere(path);
  const lines = text.split("\n");
  let torn = Buffer.byteLength(lines.pop() ?? "");
  const entries = lines.map((line, at) => {
    const entry = parse(line);
    if (!entry) throw new LedgerError(`Line ${at + 1} of ${path} is no entry of a ledger. Restore the file; nothing was sent.`);
    return entry;
  });
  return {
    entries,
    add: async (entry) => {
      if (torn > 0) await truncate(path, Buffer.byteLength(text) - torn);
      torn = 0;
      const file = await open(path, "a");
      try {
        await file.write(`${JSON.stringify(entry)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      entries.push(entry);
    },
  };
}

function parse(line: string): Entry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** What stands on the other side, as far as this ledger knows: the last count sent for each account and service. */
export function lastSent(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.filter(({ outcome }) => outcome === "sent").map((entry) => [keyOf(entry), entry]));
}

/** Whether counts were sent whose cards nobody has made anew since. */
export function needsBuild(entries: readonly Entry[]): boolean {
  const sent = entries.filter(({ outcome }) => outcome === "sent");
  return sent.length > 0 && sent.at(-1)?.built !== true;
}

export function keyOf({ account, service }: { readonly account: string; readonly service: string }): string {
  return JSON.stringify([account, service]);
}
