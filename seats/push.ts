import { lastSent, needsBuild, type Approved, type Ledger } from "./ledger.ts";
import type { Count } from "./planPush.ts";
import type { Synthesize } from "./synthesize/client.ts";

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
  readonly approved?: Approved | undefined;
}

/**
 * Sends a plan. Each count is in the ledger as soon as it is sent, and the cards are made anew once, with the last one that
 * was taken. A run that is killed anywhere is finished by the next one.
 */
export async function push(counts: readonly Count[], { synthesize, ledger, integration, now, approved }: Sending): Promise<Pushed> {
  const sent: Count[] = [];
  const unmapped: Count[] = [];
  const send = async (count: Pick<Count, "account" | "service" | "seats">, build: boolean): Promise<boolean> => {
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
