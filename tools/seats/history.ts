import { onOneLine } from "../../provider/essentials/errors.ts";
import type { Entry } from "../../seats/ledger.ts";
import { planPush } from "../../seats/planPush.ts";
import { keyOf } from "../../seats/standing.ts";
import { ask } from "../../program/readiness/look.ts";
import { describe, nameOf } from "./describe.ts";
import { readBothSides, type SeatsContext } from "./context.ts";
import { reconcileAll } from "./reconcileAll.ts";

/** What was sent, newest last, and what has changed since. */
export async function history(context: SeatsContext): Promise<number> {
  const { entries } = context.ledger;
  // What was sent can be told without asking anybody, after a disconnect too.
  const asked = await ask(() => readBothSides(context));
  const { accounts = [], services = [] } = "failure" in asked ? {} : asked.value.billing;
  const tell = (entry: Entry): string => {
    if (entry.outcome === "inactive") return "inactive: what stood there may be gone";
    const account = nameOf(accounts, entry.account);
    if (entry.outcome === "account added") return `${account} added`;
    const { outcome, approved } = entry;
    const why = approved ? `, approved by ${approved.by}: ${approved.reason}` : "";
    return `${account}, ${nameOf(services, entry.service)}: ${entry.seats}${outcome === "sent" ? "" : `, ${tails[outcome]}`}${why}`;
  };
  // What was about to be sent says something only where the run ended there.
  for (const entry of withoutAnswered(entries)) console.log(onOneLine(`${entry.at}  ${tell(entry)}`));
  if ("failure" in asked) {
    console.error(asked.failure);
    return 1;
  }
  const { billing } = asked.value;
  const { counts } = planPush(reconcileAll(context, asked.value), { takesZero: billing.takesZero });
  const sent = entries.filter(({ outcome }) => outcome === "sent").length;
  const differ = billing.target ? "have changed since" : `are other than in ${billing.name}`;
  console.log(`${sent} counts sent so far; ${counts.length} ${differ}.`);
  for (const count of counts) console.log(`  ${describe(count)}`);
  return 0;
}

const tails = {
  sending: "cut off: nobody knows whether it was taken",
  unmapped: "not taken: mapped to nothing there",
  refused: "refused",
  corrected: "corrected by hand",
} as const;

/** Without what was about to be sent and was answered later. */
function withoutAnswered(entries: readonly Entry[]): readonly Entry[] {
  const next = new Map<string, string>();
  const isShown = (entry: Entry): boolean => {
    if (!("service" in entry)) return true;
    const key = `${entry.integration} ${keyOf(entry)}`;
    const answer = next.get(key);
    next.set(key, entry.outcome);
    return entry.outcome !== "sending" || answer === undefined || answer === "sending";
  };
  return entries.toReversed().filter(isShown).reverse();
}
