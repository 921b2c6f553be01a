import { foldAddress } from "../../provider/essentials/address.ts";
import type { ManagedType, User } from "../../provider/essentials/schema.ts";
import { afterLook, isQuarrel, type Watched } from "../../provider/flips.ts";
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
  /** It was exempt from directory sync then already. */
  readonly exempt: boolean;
  /** It was undone often enough to be left alone. */
  readonly quarrel: boolean;
}

export type Flips = ReadonlyMap<string, Flip>;

/** Live users that are not as this stack last wrote them. */
export function findUndone(users: readonly User[], written: ReadonlyMap<string, Watched>): readonly User[] {
  if (written.size === 0) return [];
  return users.filter(({ email, type }) => {
    const known = written.get(foldAddress(email));
    return known !== undefined && known.wrote !== type;
  });
}

/**
 * What is known of them, by folded address.
 * @param exempt folded addresses that are exempt from directory sync, where that is known
 */
export function findFlips(
  users: readonly User[],
  written: ReadonlyMap<string, Watched>,
  now: Date,
  exempt: ReadonlySet<string> = new Set(),
): Flips {
  const flips = new Map<string, Flip>();
  for (const { email, type } of findUndone(users, written)) {
    const address = foldAddress(email);
    const known = written.get(address);
    if (!known) continue;
    const seen = { ...known, ...afterLook(known, type, now, exempt.has(address)) };
    if (seen.flippedAt === undefined) continue;
    flips.set(address, {
      wrote: seen.wrote,
      wroteAt: new Date(seen.wroteAt),
      count: seen.flips,
      noticedAt: new Date(seen.flippedAt),
      exempt: seen.flippedExempt === true,
      quarrel: isQuarrel(seen, now),
    });
  }
  return flips;
}

/**
 * Folded addresses of those who would be written once more although that was undone again and again.
 * @param isSettled whether what undid it can be expected not to do so any more
 */
export function findQuarrels(
  proposal: readonly Decision[],
  flips: Flips,
  isSettled: (decision: Decision, flip: Flip) => boolean,
): ReadonlySet<string> {
  if (flips.size === 0) return new Set();
  const open = proposal.filter((decision) => {
    const flip = flips.get(foldAddress(decision.email));
    return flip?.quarrel && isChange(decision) && decision.want === flip.wrote && !isSettled(decision, flip);
  });
  return new Set(open.map(({ email }) => foldAddress(email)));
}

const ordinals = ["first", "second", "third"];

/**
 * "Entra sync turned it back on 2026-11-20 02:00 UTC, second time"
 * @param lastSync the organisation's last successful directory sync, where known: it is named where it lies between the
 *   write and the look, and ruled out where it lies before
 */
export function tellFlip({ wroteAt, noticedAt, count }: Flip, lastSync: Date | undefined): string {
  const who = () => {
    if (lastSync === undefined || lastSync > noticedAt) return `it was turned back, noticed on ${moment(noticedAt)}`;
    if (lastSync > wroteAt) return `Entra sync turned it back on ${moment(lastSync)}`;
    return `somebody else turned it back, noticed on ${moment(noticedAt)}`;
  };
  return `${who()}, ${ordinals[count - 1] ?? `${count}th`} time`;
}

/** "2026-11-20 02:00 UTC" */
function moment(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
