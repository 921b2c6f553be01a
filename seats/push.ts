import type { Approved, Ledger } from "./ledger.ts";
import type { Count } from "./planPush.ts";
import { needsBuild, standing } from "./standing.ts";
import type { SynthesizeClient } from "./synthesize/client.ts";
import { SynthesizeError } from "./synthesize/send.ts";

export interface Pushed {
  readonly sent: readonly Count[];
  /** Counts their side could not take, because it has mapped the account or the service to nothing. */
  readonly unmapped: readonly Count[];
  /** Whether a count that stands there was sent once more, to have the cards rebuilt; `failed` where none was taken. */
  readonly rebuild: "not needed" | "done" | "failed";
}

export interface Sending {
  readonly synthesize: SynthesizeClient;
  readonly ledger: Ledger;
  readonly integration: string;
  readonly now: () => Date;
  /** Whether the other side takes a count of 0. */
  readonly takesZero: boolean;
  /** Why counts may fall by more than usual. */
  readonly approved?: Approved | undefined;
}

/**
 * Sends a plan. The ledger knows of each count before it is sent, and what became of it after, so that a run that is killed
 * anywhere is finished by the next one. The cards are made anew once, with the last one that was taken.
 */
export async function push(
  counts: readonly Count[],
  { synthesize, ledger, integration, now, takesZero, approved }: Sending,
): Promise<Pushed> {
  const sent: Count[] = [];
  const unmapped: Count[] = [];
  const send = async ({ account, service, title, seats }: Count, build: boolean): Promise<boolean> => {
    const entry = { integration, account, service, seats, ...(approved && { approved }) };
    await ledger.add({ ...entry, at: now().toISOString(), outcome: "sending" });
    const answer = await synthesize
      .setCount({ serviceId: service, accountId: account, title, seats, build })
      .catch(async (error: unknown) => {
        if (isRefusal(error)) await ledger.add({ ...entry, at: now().toISOString(), outcome: "refused" });
        throw error;
      });
    const at = now().toISOString();
    if (answer === "taken") await ledger.add({ ...entry, at, outcome: "sent", ...(build && { built: true }) });
    if (answer === "unmapped") await ledger.add({ ...entry, at, outcome: "unmapped" });
    return answer === "taken";
  };
  /** The last one was not taken, or an earlier run did not get so far: any count that stands there will do. */
  const rebuild = async (): Promise<Pushed["rebuild"]> => {
    const own = ledger.entries.filter((entry) => entry.integration === integration);
    const stands = standing(own).filter(({ seats }) => seats > 0 || takesZero);
    if (stands.length === 0 || !needsBuild(own)) return "not needed";
    // A 0 comes last: its account may be gone there by now.
    const sure = stands.filter(({ isUnsure }) => !isUnsure);
    for (const count of sure.toSorted((a, b) => b.seats - a.seats))
      if (await send({ ...count, title: `account ${count.account}` }, true)) return "done";
    return "failed";
  };
  for (const [at, count] of counts.entries()) ((await send(count, at === counts.length - 1)) ? sent : unmapped).push(count);
  return { sent, unmapped, rebuild: await rebuild() };
}

/** It was not taken; where their side failed or gave no answer, nobody knows. */
function isRefusal(error: unknown): boolean {
  return error instanceof SynthesizeError && error.status !== undefined && !error.mayBeTaken;
}
