import { planPush } from "../../seats/planPush.ts";
import { whoIsIt } from "../cli/whoIsIt.ts";
import { readBothSides, type SeatsContext } from "./context.ts";
import { reconcileAll } from "./reconcileAll.ts";
import type { Deciding } from "./decide.ts";
import { pickLines } from "../../seats/pickLines.ts";

/** Stale counts that somebody took out by hand, where the other side takes no 0: the ledger knows it from now on. */
export async function corrected(context: SeatsContext, { reason, by, ...meant }: Deciding): Promise<number> {
  if (!reason?.trim() || meant.accounts.length > 0 === meant.all) {
    console.error('Say whose counts were corrected by hand, by --account or with --all, and how: --reason "…"');
    return 2;
  }
  const sides = await readBothSides(context);
  const { target } = sides.billing;
  const { billing } = context.settings;
  if (billing.source === "synthesize" && billing.zero) {
    console.error("Synthesize takes a count of 0 (billing.zero), so a push sets it. There is nothing to correct by hand.");
    return 1;
  }
  const { lines } = reconcileAll(context, sides);
  const { stale, code } = planPush({ lines: pickLines(lines, meant) }, { zero: false });
  if (!target || stale.length === 0) {
    console.error("Nothing is stale there, so there is nothing to correct.");
    return 1;
  }
  const approved = { code, reason: reason.trim(), by: by ?? (await whoIsIt()) };
  const at = new Date().toISOString();
  for (const { account, service, title } of stale) {
    await context.ledger.add({ at, integration: target.integration, outcome: "corrected", account, service, seats: 0, approved });
    console.log(`corrected by ${approved.by}: ${title}: 0`);
  }
  return 0;
}
