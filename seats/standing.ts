import type { Entry } from "./ledger.ts";

/** A count that stands on the other side, as far as its ledger knows. */
export interface Standing {
  readonly account: string;
  readonly service: string;
  readonly seats: number;
  /** It was being sent when the run ended: whether it was taken, nobody knows. */
  readonly isUnsure?: true;
}

/**
 * What stands on the other side after all of this. Nothing can be read back, so that the ledger is the only one to know:
 * an account that had to be made again has no counts, and after a disconnect there are none.
 */
export function standing(entries: readonly Entry[]): readonly Standing[] {
  const all = new Map<string, { readonly account: string; readonly service: string; sure?: number; unsure?: number }>();
  for (const entry of entries) {
    switch (entry.outcome) {
      case "disconnected":
        all.clear();
        break;
      case "account added":
        for (const [key, { account }] of all) if (account === entry.account) all.delete(key);
        break;
      default: {
        const { account, service, seats, outcome } = entry;
        const count = all.get(keyOf(entry)) ?? { account, service };
        if (outcome === "sending") count.unsure = seats;
        else delete count.unsure;
        if (outcome === "sent" || outcome === "corrected") count.sure = seats;
        all.set(keyOf(entry), count);
      }
    }
  }
  return [...all.values()].flatMap(({ account, service, sure, unsure }): Standing[] => {
    if (unsure !== undefined) return [{ account, service, seats: unsure, isUnsure: true }];
    return sure === undefined ? [] : [{ account, service, seats: sure }];
  });
}

/** Whether counts were sent whose cards nobody has made anew since. */
export function needsBuild(entries: readonly Entry[]): boolean {
  const last = entries.findLast(({ outcome }) => outcome === "sent" || outcome === "disconnected");
  return last?.outcome === "sent" && last.built !== true;
}

export function keyOf({ account, service }: { readonly account: string; readonly service: string }): string {
  return JSON.stringify([account, service]);
}
