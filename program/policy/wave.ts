import { z } from "zod";
import { foldAddress } from "../../provider/essentials/address.ts";
import { numeric } from "../../provider/essentials/config.ts";
import { managedTypes } from "../../provider/essentials/schema.ts";
import type { Watched } from "../../provider/flips.ts";
import { hashDecisions, isChange, type Decision } from "./decision.ts";
import { placeOf } from "./place.ts";

/** How many changes each wave makes at most (`proofpoint:waves`); one more makes the rest. Empty: everything at once. */
export const wavesSchema = z.array(numeric(z.number().int().min(1))).default([]);

/** The wave a stack is in, as its outputs keep it until nobody waits any more. */
export const waveSchema = z.object({
  number: z.number().int().min(1),
  /** Another policy begins with its own first wave. */
  policyHash: z.string(),
  /** What it makes of whom, by folded address. */
  changes: z.record(z.string(), z.enum(managedTypes)),
  /** Changes left for later waves. */
  waiting: z.number(),
  /** Which they are, by their hash, and the approval they were approved with. */
  rest: z.string(),
  approved: z.string().exactOptional(),
});
export type Wave = Readonly<z.infer<typeof waveSchema>>;

export interface WaveCircumstances {
  readonly waves: readonly number[];
  /** The wave of the last run, where somebody waited. */
  readonly last: Wave | undefined;
  readonly policyHash: string;
  /** What the state keeps of accounts this stack has written, by folded address. */
  readonly written: ReadonlyMap<string, Watched>;
  /** The organisation's directory sync: the last successful one, and the hours between two; without these it has none. */
  readonly sync: { readonly last?: Date; readonly hours?: number };
  readonly now: Date;
  /** The approval that lets these changes pass, by the hash of what was approved. */
  readonly approved?: string | undefined;
}

export interface WaveVerdict {
  /** To be remembered; absent where nobody waits. */
  readonly wave?: Wave;
  /** Changes that are not made in this run, by folded address. */
  readonly waiting: ReadonlyMap<string, Decision>;
  readonly notes: readonly string[];
}

/**
 * Which changes a run makes where a stack makes them in waves. The next wave begins when the last one has lasted: each of
 * its accounts is still as it was made, after the next directory sync or, without one, on the next run.
 */
export function judgeWave(decisions: readonly Decision[], circumstances: WaveCircumstances): WaveVerdict {
  const { waves, policyHash, approved } = circumstances;
  const changes = inStableOrder(decisions.filter(isChange));
  if (waves.length === 0 || changes.length === 0) return { waiting: new Map(), notes: [] };
  const last = circumstances.last?.policyHash === policyHash ? circumstances.last : undefined;
  if (!last) return begin(1, changes, circumstances);

  const isOfLast = ({ email }: Decision) => foldAddress(email) in last.changes;
  const isOpen = ({ email, want }: Decision) => last.changes[foldAddress(email)] === want;
  const open = changes.filter(isOpen);
  const others = changes.filter((decision) => !isOpen(decision));
  const conflicts = decisions.filter((decision) => decision.rule === "conflict" && isOfLast(decision));
  const name = `Wave ${last.number} of ${countWaves(last.number, others.length, waves)}`;
  const stay = (why: string): WaveVerdict => {
    // Whoever gets a mailbox of their own back does not wait for others, as long as the run stays within its wave.
    const room = Math.max(0, (waves[last.number - 1] ?? Infinity) - open.length);
    const urgent = new Set(others.filter(({ want }) => want === "end_user").slice(0, room));
    const rest = others.filter((decision) => !urgent.has(decision));
    return {
      ...(rest.length > 0 && { wave: { ...last, ...leave(rest, approved) } }),
      waiting: byAddress(rest),
      notes: [`${name} ${why}; ${urgent.size > 0 ? `${urgent.size} become end_user meanwhile, and ` : ""}${rest.length} more wait.`],
    };
  };
  if (open.length > 0) {
    const whom = open.slice(0, 3).map(({ email }) => email);
    const all = `${open.length} of its ${Object.keys(last.changes).length} changes are made now, which were not made or did not last`;
    return stay(`is not finished: ${all} (${whom.join(", ")}${open.length > whom.length ? ", …" : ""})`);
  }
  if (conflicts.length > 0) return stay(`did not last: somebody else undid ${conflicts.length} of its changes, see the conflict below`);
  const due = dueAt(last, circumstances);
  if (due) return stay(`is made, and the next directory sync, due by ${due.toISOString()}, must leave it as it is first`);
  return begin(last.number + 1, changes, circumstances);
}

function begin(number: number, changes: readonly Decision[], { waves, policyHash, approved }: WaveCircumstances): WaveVerdict {
  const most = waves[number - 1] ?? Infinity;
  const [now, later] = [changes.slice(0, most), changes.slice(most)];
  const made = Object.fromEntries(now.map(({ email, want }) => [foldAddress(email), want]));
  return {
    ...(later.length > 0 && { wave: { number, policyHash, changes: waveSchema.shape.changes.parse(made), ...leave(later, approved) } }),
    waiting: byAddress(later),
    notes: [`Wave ${number} of ${countWaves(number, later.length, waves)}: ${now.length} changes now, ${later.length} wait.`],
  };
}

function leave(later: readonly Decision[], approved: string | undefined): Pick<Wave, "waiting" | "rest" | "approved"> {
  return { waiting: later.length, rest: hashDecisions(later), ...(approved !== undefined && { approved }) };
}

/** How many waves there are in all, when one of a number leaves so many changes for later. */
function countWaves(number: number, later: number, waves: readonly number[]): number {
  let count = number;
  for (let left = later; left > 0; count += 1) left -= waves[count] ?? Infinity;
  return count;
}

/** By when a directory sync will have had its chance to undo a wave; nothing where it has had it, or there is none. */
function dueAt({ changes }: Wave, { written, sync, now }: WaveCircumstances): Date | undefined {
  if (sync.hours === undefined) return undefined;
  const moments = Object.keys(changes).flatMap((address) => written.get(address)?.wroteAt ?? []);
  const madeAt = new Date(moments.sort().at(-1) ?? 0);
  const due = new Date(madeAt.getTime() + sync.hours * 3_600_000);
  return (sync.last !== undefined && sync.last > madeAt) || due <= now ? undefined : due;
}

/**
 * Who gets a mailbox of their own back goes first: they may be waiting for it. Then by the hash of the address: a wave is
 * a sample of all changes, and the same one in the preview and the up.
 */
function inStableOrder(changes: readonly Decision[]): Decision[] {
  return changes
    .map((decision) => ({ decision, later: decision.want === "end_user" ? 0 : 1, place: placeOf(decision.email) }))
    .sort((a, b) => a.later - b.later || a.place - b.place)
    .map(({ decision }) => decision);
}

function byAddress(decisions: readonly Decision[]): ReadonlyMap<string, Decision> {
  return new Map(decisions.map((decision) => [foldAddress(decision.email), decision]));
}
