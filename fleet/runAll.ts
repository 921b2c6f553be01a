import pLimit, { type LimitFunction } from "p-limit";
import type { Member } from "./settings.ts";
import type { Outcome } from "./outcome.ts";

export interface Bounds {
  /** Processes at once. */
  readonly atOnce: number;
  /** Of those, on one stack host: it has a pace of its own. */
  readonly perHost: number;
}

/**
 * Runs one thing for each organisation, several at once. One that fails stops no other; what throws is its failure.
 * @param each gives the outcome of one organisation
 * @param done is told of each as it ends
 */
export async function runAll(
  members: readonly Member[],
  { atOnce, perHost }: Bounds,
  each: (member: Member) => Promise<Outcome>,
  done: (outcome: Outcome) => Promise<void> | void,
): Promise<readonly Outcome[]> {
  const all = pLimit(atOnce);
  const hosts = new Map<string, LimitFunction>();
  const limitOf = (host: string) => {
    const limit = hosts.get(host) ?? pLimit(perHost);
    hosts.set(host, limit);
    return limit;
  };
  return Promise.all(
    members.map((member) =>
      // The host's turn first: whoever waits for it must not hold a place others could use.
      limitOf(member.host)(() =>
        all(async () => {
          const started = performance.now();
          const outcome = await each(member).catch((error: unknown): Outcome => {
            const why = (error as Error).message;
            return { stack: member.stack, code: 1, seconds: (performance.now() - started) / 1000, config: member.hash, why };
          });
          await done(outcome);
          return outcome;
        }),
      ),
    ),
  );
}
