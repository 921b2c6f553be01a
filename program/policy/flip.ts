import { foldAddress } from "../../provider/essentials/address.ts";
import type { ManagedType, User } from "../../provider/essentials/schema.ts";
import { afterLook, quarrelsome, type Watched } from "../../provider/flips.ts";
import { isChange, type Decision } from "./decision.ts";

/** An account this program has written, which somebody else has made something else. */
export interface Flip {
  /** What this program made it. */
  readonly wrote: ManagedType;
  readonly wroteAt: Date;
  /** How often it was undone, this time included. */
  readonly count: number;
  /** When that was seen last. */
  readonly noticedAt: Date;
}

export type Flips = ReadonlyMap<string, Flip>;

/** Every account that is not as it was last written, by folded address. */
export function findFlips(users: readonly User[], written: ReadonlyMap<string, Watched>, now: Date): Flips {
  if (written.size === 0) return new Map();
  return new Map(
    users.flatMap(({ email, type }) => {
      const known = written.get(foldAddress(email));
      if (!known || known.wrote === type) return [];
      const { wrote, wroteAt, flips, flippedAt } = { ...known, ...afterLook(known, type, now) };
      if (flippedAt === undefined) return [];
      return [[foldAddress(email), { wrote, wroteAt: new Date(wroteAt), count: flips, noticedAt: new Date(flippedAt) }] as const];
    }),
  );
}

export function isQuarrel({ count }: Flip): boolean {
  return count >= quarrelsome;
}

/**
 * Folded addresses of those who would be written once more although that was undone again and again.
 * @param isSettled whether what undid it can be expected not to do so any more
 */
export function findQuarrels(proposal: readonly Decision[], flips: Flips, isSettled: (decision: Decision) => boolean): ReadonlySet<string> {
  if (flips.size === 0) return new Set();
  const open = proposal.filter((decision) => {
    const flip = flips.get(foldAddress(decision.email));
    return flip && isQuarrel(flip) && isChange(decision) && decision.want === flip.wrote && !isSettled(decision);
  });
  return new Set(open.map(({ email }) => foldAddress(email)));
}

const ordinals = ["first", "second", "third"];

/**
 * "Entra sync turned it back on 2026-11-20 02:00 UTC, second time"
 * @param lastSync the organisation's last successful directory sync, where known: it is named where it can have been it
 */
export function tellFlip({ wroteAt, noticedAt, count }: Flip, lastSync: Date | undefined): string {
  const bySync = lastSync !== undefined && lastSync > wroteAt && lastSync <= noticedAt;
  const what = bySync
    ? `Entra sync turned it back on ${moment(lastSync)}`
    : `somebody else turned it back, noticed on ${moment(noticedAt)}`;
  return `${what}, ${ordinals[count - 1] ?? `${count}th`} time`;
}

/** "2026-11-20 02:00 UTC" */
function moment(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
