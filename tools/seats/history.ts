import { onOneLine } from "../../provider/essentials/errors.ts";
import { planPush } from "../../seats/planPush.ts";
import { describe, nameOf } from "./describe.ts";
import { readBothSides, reconcileAll, type SeatsContext } from "./context.ts";

/** What was sent, newest last, and what has changed since. */
export async function history(context: SeatsContext): Promise<number> {
  const { entries } = context.ledger;
  const sides = await readBothSides(context);
  const { accounts, services } = sides.billing;
  for (const { at, account, service, seats, outcome, approved } of entries) {
    const why = approved ? `, approved by ${approved.by}: ${approved.reason}` : "";
    const count = `${nameOf(accounts, account)}, ${nameOf(services, service)}: ${seats}`;
    console.log(onOneLine(`${at}  ${count}${outcome === "sent" ? "" : ", not taken"}${why}`));
  }
  const { counts } = planPush(reconcileAll(context, sides));
  console.log(`${entries.length} counts so far; ${counts.length} have changed since the last push.`);
  for (const count of counts) console.log(`  ${describe(count)}`);
  return 0;
}
