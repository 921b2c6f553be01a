import { entriesOf, type Approved, type Ledger } from "./ledger.ts";
import type { Count } from "./planPush.ts";
import { needsBuild, standing } from "./standing.ts";
import type { SynthesizeClient } from "./synthesize/client.ts";
import { SynthesizeError } from "./synthesize/send.ts";

/**
 * What became of a count. `unmapped`: their side could not take it, because it has mapped the account or the service to nothing.
 * `held back`: not sent, because one of the same customer was refused, and the two would be billed beside each other.
 */
export type Became = "sent" | "unmapped" | "refused" | "held back";

export interface Told {
  readonly became: Became;
  /** Where it was refused. */
  readonly why?: string;
}

export interface Pushed {
  readonly counts: Readonly<Record<Became, number>>;
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
  /** Told of each count once it is known what became of it. */
  readonly onCount: (count: Count, told: Told) => void;
}

/**
 * Sends a plan. The ledger knows of each count before it is sent, and what became of it after, so that a run that is killed
 * anywhere is finished by the next one. One that is refused stops no other customer's. The cards are made anew once, with the
 * last one that was taken.
 * @throws SynthesizeError where the others would fare no better; LedgerError
 */
export async function push(counts: readonly Count[], sending: Sending): Promise<Pushed> {
  const { synthesize, ledger, integration, now, takesZero, approved, onCount } = sending;
  const send = async ({ account, service, title, seats }: Count, build: boolean): Promise<Told> => {
    const entry = { integration, account, service, seats, ...(approved && { approved }) };
    await ledger.add({ ...entry, at: now().toISOString(), outcome: "sending" });
    try {
      const answer = await synthesize.setCount({ serviceId: service, accountId: account, title, seats, build });
      const at = now().toISOString();
      if (answer === "taken") await ledger.add({ ...entry, at, outcome: "sent", ...(build && { built: true }) });
      if (answer === "unmapped") await ledger.add({ ...entry, at, outcome: "unmapped" });
      return { became: answer === "taken" ? "sent" : "unmapped" };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await ledger.add({ ...entry, at: now().toISOString(), outcome: "refused" });
      if (!isAboutOne(error)) throw error;
      return { became: "refused", why: error.message };
    }
  };
  /** The last one was not taken, or an earlier run did not get so far: any count that stands there will do. */
  const rebuild = async (): Promise<Pushed["rebuild"]> => {
    const own = entriesOf(ledger, integration);
    const stands = standing(own).filter(({ seats }) => seats > 0 || takesZero);
    if (stands.length === 0 || !needsBuild(own)) return "not needed";
    // A 0 comes last: its account may be gone there by now.
    const sure = stands.filter(({ isUnsure }) => !isUnsure).sort((a, b) => b.seats - a.seats);
    for (const count of sure) if ((await send({ ...count, title: `account ${count.account}` }, true)).became === "sent") return "done";
    return "failed";
  };

  const sums = { sent: 0, unmapped: 0, refused: 0, "held back": 0 };
  const refused = new Set<string>();
  for (const [at, count] of counts.entries()) {
    // What falls comes first: where that was refused, what rises would be billed beside it.
    const told: Told = refused.has(count.account) ? { became: "held back" } : await send(count, at === counts.length - 1);
    if (told.became === "refused") refused.add(count.account);
    sums[told.became] += 1;
    onCount(count, told);
  }
  return { counts: sums, rebuild: await rebuild() };
}

/** It was not taken; where their side failed or gave no answer, nobody knows. */
function isRefusal(error: unknown): error is SynthesizeError {
  return error instanceof SynthesizeError && error.status !== undefined && !error.mayBeTaken;
}

/** A login that may not, and a pace that is too high, are about all of them. */
function isAboutOne({ status = 0 }: SynthesizeError): boolean {
  return status >= 400 && status < 500 && ![401, 403, 429].includes(status);
}
