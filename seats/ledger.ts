import { open, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { ErrorForPeople, systemAnswer } from "../provider/essentials/errors.ts";
import { syncFolder } from "../program/files/replaceFile.ts";
import { readIfThere } from "../program/files/readIfThere.ts";

/** Why it was sent although counts fell by more than usual. */
const approvedSchema = z.object({
  /** Of the counts it was given for. */
  code: z.string(),
  reason: z.string(),
  by: z.string(),
});
export type Approved = Readonly<z.infer<typeof approvedSchema>>;

const common = {
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** Whose billing it is about: counts of another integration say nothing about this one. */
  integration: z.string(),
};

const entrySchema = z.discriminatedUnion("outcome", [
  z.object({
    ...common,
    /**
     * `sending`: about to be sent; without a line after it nobody knows whether it was taken. `sent`: it stands there.
     * `unmapped`: not taken, because the other side has mapped the account or the service to nothing. `refused`: not taken.
     * `corrected`: somebody set it there by hand.
     */
    outcome: z.enum(["sending", "sent", "unmapped", "refused", "corrected"]),
    account: z.string(),
    service: z.string(),
    seats: z.number().int().min(0),
    /** The cards were made anew with it. */
    built: z.literal(true).exactOptional(),
    approved: approvedSchema.exactOptional(),
  }),
  z.object({ ...common, outcome: z.literal("account added"), account: z.string() }),
  /** What stands there may be gone: the integration was found inactive, or was set so. */
  z.object({ ...common, outcome: z.literal("inactive") }),
]);
export type Entry = Readonly<z.infer<typeof entrySchema>>;

/** The ledger is not whole, or cannot be written. */
export class LedgerError extends ErrorForPeople {}

/** What was sent so far (`seats/ledger.jsonl`): the only memory there is, because nothing can be read back. */
export interface Ledger {
  readonly entries: readonly Entry[];
  /** Written to the disk before it returns. */
  add(entry: Entry): Promise<void>;
}

/**
 * A line each, only ever added to. A run that was killed may have left half a line at the end, which says nothing: what is
 * written before something is sent is whole by then. Opening changes nothing; the half line goes with the next entry.
 * @throws LedgerError for a broken line anywhere else: somebody has edited it
 */
export async function openLedger(path: string): Promise<Ledger> {
  const text = await readIfThere(path);
  const lines = text.split("\n");
  // Whole, where an editor took the line end away.
  const last = lines.pop() ?? "";
  const unended = parse(last);
  const entries = lines.map((line, at) => {
    const entry = parse(line);
    if (!entry) throw new LedgerError(`Line ${at + 1} of ${path} is no entry of a ledger. Restore the file; nothing was sent.`);
    return entry;
  });
  if (unended) entries.push(unended);
  let isMended = last === "";
  const mend = async (): Promise<string> => {
    if (isMended) return "";
    if (unended) return "\n";
    await truncate(path, Buffer.byteLength(text) - Buffer.byteLength(last));
    return "";
  };
  return {
    entries,
    add: async (entry) => {
      try {
        const before = await mend();
        await appendWhole(path, `${before}${JSON.stringify(entry)}\n`);
        isMended = true;
      } catch (error) {
        throw new LedgerError(
          `Could not write ${path}: ${systemAnswer(error)}. Nothing is sent that cannot be remembered; run again once it can be written.`,
        );
      }
      entries.push(entry);
    },
  };
}

/** Counts of another integration say nothing about this one. */
export function entriesOf({ entries }: Pick<Ledger, "entries">, integration: string): readonly Entry[] {
  return entries.filter((entry) => entry.integration === integration);
}

/** On the disk when it returns, whole; a part of it, on a disk that is full, is taken back. */
async function appendWhole(path: string, text: string): Promise<void> {
  const file = await open(path, "a");
  try {
    const { size } = await file.stat();
    try {
      await file.appendFile(text);
      await file.sync();
    } catch (error) {
      await file.truncate(size);
      throw error;
    }
    if (size === 0) await syncFolder(dirname(path));
  } finally {
    await file.close();
  }
}

function parse(line: string): Entry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
