import { planPush } from "../../seats/planPush.ts";
import { whoIsIt } from "../cli/whoIsIt.ts";
import { readBothSides, type SeatsContext } from "./context.ts";
import { reconcileAll } from "./reconcileAll.ts";
import type { Deciding } from "./decide.ts";
import { pickLines } from "../../seats/pickLines.ts";

/**
 * Counts that a push cannot set to 0, because the other side takes no 0 or has mapped the account to nothing, and that
 * somebody looked after there: the ledger knows it from now on.
 */
export async function corrected(context: SeatsContext, { reason, by, ...meant }: Deciding): Promise<number> {
  if (!reason?.trim() || meant.accounts.length > 0 === meant.all) {
    console.error('Say whose counts were corrected by hand, by --account or with --all, and how: --reason "…"');
    return 2;
  }
  const sides = await readBothSides(context);
  const { target, takesZero } = sides.billing;
  const { lines } = reconcileAll(context, sides);
  // Where a 0 is taken, a push sets it; what it cannot settle is unsure, because the account is not mapped there.
  const canBe = lines.filter(({ isUnsure }) => isUnsure || !takesZero);
  const { stale, code } = planPush({ lines: canBe.length > 0 ? pickLines(canBe, meant) : [] }, { takesZero: false });
  if (!target || stale.length === 0) {
    console.error("Nothing is stale there, so there is nothing to correct: where a count of 0 is taken, a push sets it.");
    return 1;
  }
  const approved = { code, reason: reason.trim(), by: await whoIsIt(by) };
  const at = new Date().toISOString();
  for (const { account, service, title } of stale) {
    await context.ledger.add({ at, integration: target.integration, outcome: "corrected", account, service, seats: 0, approved });
    console.log(`corrected by ${approved.by}: ${title}: 0`);
  }
  return 0;
}
