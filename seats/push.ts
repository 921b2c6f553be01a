import { keyOf, lastSent, needsBuild, type Entry, type Ledger } from "./ledger.ts";
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
  /** Zeros the other side does not take: what stands there is stale, and has to be corrected by hand. */
  readonly stale: readonly Count[];
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
  const all = [...changed, ...gone];
  const isStale = ({ seats, before = 0 }: Count) => !zero && seats === 0 && before > 0;
  const counts = all.filter(({ seats }) => zero || seats > 0);
  return { counts, stale: all.filter(isStale), violations: findShrinks(all, sent) };
}

function toCount({ account, service, used }: Line, before: Entry | undefined): readonly Count[] {
  if (before?.seats === used) return [];
  return [{ account, service, seats: used, ...(before && { before: before.seats }) }];
}

/** Counts that fall are money that goes: a read that was not whole looks like that. Rises elsewhere make up for nothing. */
function findShrinks(counts: readonly Count[], sent: ReadonlyMap<string, Entry>): readonly string[] {
  const entries = [...sent.values()];
  const total = entries.reduce((seats, entry) => seats + entry.seats, 0);
  const falls = [...new Set(counts.map(({ account }) => account))].flatMap((account) => {
    const before = sumOf(entries, account);
    const moved = counts.filter((count) => count.account === account);
    const after = moved.reduce((seats, count) => seats + count.seats - (count.before ?? 0), before);
    return after < before ? [{ account, before, after }] : [];
  });
  const lost = falls.reduce((seats, { before, after }) => seats + before - after, 0);
  // Of a few seats, one is soon more than a fifth.
  const deep = falls.filter(
    ({ before, after }) => after === 0 || (before - after >= 5 && (before - after) * 100 > mostShrinkPercent * before),
  );
  return [
    ...(lost * 100 > mostShrinkPercent * total ? [`${lost} of ${total} seats would go, more than ${mostShrinkPercent} %.`] : []),
    ...deep.map(({ account, before, after }) => `Account ${account} would fall from ${before} to ${after}.`),
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

export interface Sending {
  readonly synthesize: Synthesize;
  readonly ledger: Ledger;
  readonly integration: string;
  readonly now: () => Date;
  /** Why counts may fall by more than usual. */
  readonly approved?: string | undefined;
}

/**
 * Sends a plan. Each count is in the ledger as soon as it is sent, and the cards are made anew once, with the last one that
 * was taken. A run that is killed anywhere is finished by the next one.
 */
export async function push(counts: readonly Count[], { synthesize, ledger, integration, now, approved }: Sending): Promise<Pushed> {
  const sent: Count[] = [];
  const unmapped: Count[] = [];
  const send = async (count: Count, build: boolean): Promise<boolean> => {
    const { account, service, seats } = count;
    const taken = await synthesize.setCount({ serviceId: service, accountId: account, seats, build });
    const built = taken && build;
    await ledger.add({
      at: now().toISOString(),
      account,
      service,
      seats,
      outcome: taken ? "sent" : "unmapped",
      integration,
      ...(built && { built }),
      ...(approved !== undefined && { approved }),
    });
    return taken;
  };
  for (const [at, count] of counts.entries()) ((await send(count, at === counts.length - 1)) ? sent : unmapped).push(count);
  // The last one was not taken, or an earlier run did not get so far: any count that stands there will do.
  const own = ledger.entries.filter((entry) => entry.integration === integration);
  const stands = [...lastSent(own).values()].at(-1);
  if (needsBuild(own) && stands) await send(stands, true);
  return { sent, unmapped };
}
