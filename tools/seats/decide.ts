import { z } from "zod";
import { dayIn } from "../../program/hr/date.ts";
import { onOneLine } from "../../provider/essentials/errors.ts";
import { formatDecisions, type LineDecision } from "../../seats/decisions.ts";
import { UsageError } from "../cli/usageError.ts";
import { whoIsIt } from "../cli/whoIsIt.ts";
import { describe } from "./describe.ts";
import { replaceFile } from "../../program/files/replaceFile.ts";
import { toCount } from "../../seats/planPush.ts";
import { pickLines, type Meant } from "../../seats/pickLines.ts";
import { readBothSides, type SeatsContext } from "./context.ts";
import { reconcileAll } from "./reconcileAll.ts";

export interface Deciding extends Meant {
  readonly reason: string | undefined;
  readonly by: string | undefined;
  readonly until: string | undefined;
  readonly effective: string | undefined;
}

/** Approves or dismisses the lines that differ, one by one or in bulk, and keeps who, when, why and until when. */
export async function decide(context: SeatsContext, decision: LineDecision["decision"], how: Deciding): Promise<number> {
  const { accounts, all, reason, by, until, effective } = how;
  if (!reason?.trim() || accounts.length > 0 === all) {
    console.error('Say which lines, by --account or with --all, and why: --reason "…"');
    return 2;
  }
  const now = new Date();
  refuseDay("until", until, dayIn(context.settings.timeZone, now));
  refuseDay("effective", effective, "");
  const { lines } = reconcileAll(context, await readBothSides(context));
  const meant = pickLines(lines, how).filter((line) => line.kind !== "no change");
  const who = await whoIsIt(by);
  const added = meant.map(({ account, service, billed = 0, used }): LineDecision => ({
    account,
    service,
    billed,
    used,
    decision,
    by: who,
    at: now.toISOString(),
    reason: reason.trim(),
    ...(until !== undefined && { until }),
    ...(effective !== undefined && { effective }),
  }));
  if (added.length === 0) {
    console.error("Nothing differs there, so nothing was decided.");
    return 1;
  }
  await replaceFile(context.decisionsPath, formatDecisions([...context.decisions, ...added]));
  for (const line of meant) console.log(`${decision}: ${describe(toCount(line))}`);
  console.log(onOneLine(`${added.length} lines ${decision} by ${who}: ${reason}`));
  if (decision === "dismissed")
    console.log("A push sends what is used all the same: what is dismissed is what the billing side makes of it.");
  return 0;
}

function refuseDay(option: string, day: string | undefined, from: string): void {
  if (day === undefined) return;
  if (!z.iso.date().safeParse(day).success) throw new UsageError(`--${option} is "${day}"; it is a day such as 2027-03-31.`);
  if (day < from) throw new UsageError(`--${option} is ${day}, and that day is over.`);
}
