import { keyOf, lastSent, type Entry, type Ledger } from "./ledger.ts";
import type { Line, Reconciliation } from "./reconcile.ts";
import type { Synthesize } from "./synthesize/client.ts";

/** A count to be set. */
export interface Count {
  readonly account: string;
  readonly service: string;
  readonly seats: number;
  /** What was sent last; absent where nothing ever was. */
  readonly before?: number;
}

export interface PushPlan {
  readonly counts: readonly Count[];
  /** Why it must not be sent without an approval; empty where it may. */
  readonly violations: readonly string[];
}

const mostShrinkPercent = 20;

/**
 * What differs from what was sent last: every line, and a zero for each that is no longer there. Pure.
 * @param zero whether the other side takes a count of 0
 */
export function planPush({ lines }: Pick<Reconciliation, "lines">, entries: readonly Entry[], { zero = true } = {}): PushPlan {
  const sent = lastSent(entries);
  const wanted = new Map(lines.filter(({ organisations }) => organisations.length > 0).map((line) => [keyOf(line), line]));
  const changed = [...wanted.values()].flatMap((line) => toCount(line, sent.get(keyOf(line))));
  const gone = [...sent.values()]
    .filter((entry) => !wanted.has(keyOf(entry)) && entry.seats > 0)
    .map(({ account, service, seats }): Count => ({ account, service, seats: 0, before: seats }));
  const counts = [...changed, ...gone].filter(({ seats }) => zero || seats > 0);
  return { counts, violations: findShrinks(counts, sent) };
}

function toCount({ account, service, used }: Line, before: Entry | undefined): readonly Count[] {
  if (before?.seats === used) return [];
  return [{ account, service, seats: used, ...(before && { before: before.seats }) }];
}

/** Counts that fall are money that goes: a read that was not whole looks like that. */
function findShrinks(counts: readonly Count[], sent: ReadonlyMap<string, Entry>): readonly string[] {
  const total = [...sent.values()].reduce((seats, entry) => seats + entry.seats, 0);
  const after = counts.reduce((seats, { seats: now, before = 0 }) => seats + now - before, total);
  const accounts = (of: (account: string) => number) =>
    new Map([...new Set(counts.map(({ account }) => account))].map((each) => [each, of(each)]));
  const before = accounts((account) => sumOf([...sent.values()], account));
  const then = accounts((account) => {
    const moved = counts.filter((count) => count.account === account);
    return moved.reduce((seats, count) => seats + count.seats - (count.before ?? 0), before.get(account) ?? 0);
  });
  const emptied = [...then].filter(([account, seats]) => seats === 0 && (before.get(account) ?? 0) > 0).map(([account]) => account);
  const lost = total - after;
  return [
    ...(lost * 100 > mostShrinkPercent * total
      ? [`All counts together would fall from ${total} to ${after}, by more than ${mostShrinkPercent} %.`]
      : []),
    ...(emptied.length > 0
      ? [`${emptied.length} accounts would fall to 0: ${emptied.slice(0, 5).join(", ")}${emptied.length > 5 ? ", …" : ""}.`]
      : []),
  ];
}

function sumOf(entries: readonly Entry[], account: string): number {
  return entries.filter((entry) => entry.account === account).reduce((seats, entry) => seats + entry.seats, 0);
}

export interface Pushed {
  readonly sent: readonly Count[];
  /** Counts their side could not take, because it has mapped the account or the service to nothing. */
  readonly unmapped: readonly Count[];
}

/**
 * Sends a plan. Each count is in the ledger as soon as it is sent, and the cards are made anew once, with the last one that
 * was taken. A run that is killed anywhere is finished by the next one.
 */
export async function push(counts: readonly Count[], synthesize: Synthesize, ledger: Ledger, now: () => Date): Promise<Pushed> {
  const sent: Count[] = [];
  const unmapped: Count[] = [];
  const send = async (count: Count, build: boolean): Promise<boolean> => {
    const { account, service, seats } = count;
    const taken = await synthesize.setCount({ serviceId: service, accountId: account, seats, build });
    await ledger.add({ at: now().toISOString(), account, service, seats, outcome: taken ? "sent" : "unmapped" });
    (taken ? sent : unmapped).push(count);
    return taken;
  };
  for (const [at, count] of counts.entries()) await send(count, at === counts.length - 1);
  // The last one was not taken, so nothing has been made anew: any count that stands there will do.
  const stands = sent.at(-1) ?? [...lastSent(ledger.entries).values()].at(-1);
  if (unmapped.length > 0 && unmapped.at(-1) === counts.at(-1) && stands)
    await synthesize.setCount({ serviceId: stands.service, accountId: stands.account, seats: stands.seats, build: true });
  return { sent, unmapped };
}
