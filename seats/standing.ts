import type { Entry } from "./ledger.ts";

/** A count that stands on the other side, as far as its ledger knows. */
export interface Standing {
  readonly account: string;
  readonly service: string;
  /** The most that may stand there, where nobody knows: a fall is measured from it. */
  readonly seats: number;
  /** Nobody knows: it was being sent when the run ended, its account was made again, or the integration was inactive since. */
  readonly isUnsure?: true;
}

interface Count {
  readonly account: string;
  readonly service: string;
  /** What is known to stand there. */
  sure?: number;
  /** What may stand there instead, the newest last; it was sent, and nobody knows whether it was taken. */
  doubts: number[];
}

/**
 * What stands on the other side after all of this. Nothing can be read back, so that the ledger is the only one to know; where
 * it cannot, because an answer was cut off, an account had to be made again or the integration was inactive, it says so.
 */
export function standing(entries: readonly Entry[]): readonly Standing[] {
  const all = new Map<string, Count>();
  const doubt = (count: Count) => {
    if (count.sure !== undefined) count.doubts.unshift(count.sure);
    delete count.sure;
  };
  for (const entry of entries) {
    if (entry.outcome === "inactive") all.forEach(doubt);
    else if (entry.outcome === "account added") [...all.values()].filter(({ account }) => account === entry.account).forEach(doubt);
    else {
      const { account, service, seats, outcome } = entry;
      const count: Count = all.get(keyOf(entry)) ?? { account, service, doubts: [] };
      all.set(keyOf(entry), count);
      if (outcome === "sending") count.doubts.push(seats);
      else if (outcome === "sent" || outcome === "corrected") all.set(keyOf(entry), { account, service, sure: seats, doubts: [] });
      else {
        count.doubts.pop();
        if (outcome === "unmapped") doubt(count);
      }
    }
  }
  return [...all.values()].flatMap(({ account, service, sure, doubts }): Standing[] => {
    if (doubts.length > 0) return [{ account, service, seats: Math.max(sure ?? 0, ...doubts), isUnsure: true }];
    return sure === undefined ? [] : [{ account, service, seats: sure }];
  });
}

/** How many pushes have come to their end: each has the cards made anew once. */
export function countPushes(entries: readonly Entry[]): number {
  return entries.filter((entry) => entry.outcome === "sent" && entry.built).length;
}

/** Whether counts were sent whose cards nobody has made anew since. */
export function needsBuild(entries: readonly Entry[]): boolean {
  const last = entries.findLast(({ outcome }) => outcome === "sent");
  return last?.outcome === "sent" && last.built !== true;
}

export function keyOf({ account, service }: { readonly account: string; readonly service: string }): string {
  return JSON.stringify([account, service]);
}
