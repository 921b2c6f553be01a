import { onOneLine } from "../../provider/essentials/errors.ts";
import { planPush } from "../../seats/push.ts";
import { readBothSides, reconcileAll, type SeatsContext } from "./context.ts";

/** What was sent, newest last, and what has changed since. */
export async function history(context: SeatsContext): Promise<number> {
  const { ledger } = context;
  for (const { at, account, service, seats, outcome } of ledger.entries)
    console.log(onOneLine(`${at}  account ${account}, service ${service}: ${seats}${outcome === "sent" ? "" : ", not taken"}`));
  const sides = await readBothSides(context);
  const { counts } = planPush(reconcileAll(context, sides), sides.billing.target?.sent ?? []);
  console.log(`${ledger.entries.length} counts so far; ${counts.length} have changed since the last push.`);
  for (const { account, service, seats, before } of counts)
    console.log(onOneLine(`  account ${account}, service ${service}: ${before ?? "nothing"} → ${seats}`));
  return 0;
}
