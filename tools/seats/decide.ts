import { onOneLine } from "../../provider/essentials/errors.ts";
import { formatDecisions, parseDecisions, type LineDecision } from "../../seats/decisions.ts";
import { whoIsIt } from "../cli/whoIsIt.ts";
import { describe } from "./describe.ts";
import { replaceFile } from "./replaceFile.ts";
import { toCount } from "../../seats/planPush.ts";
import { readBothSides, reconcileAll, type SeatsContext } from "./context.ts";

export interface Deciding {
  /** Accounts by ID or name; all where `all` says so. */
  readonly accounts: readonly string[];
  readonly all: boolean;
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
  const { lines } = reconcileAll(context, await readBothSides(context));
  const isMeant = (line: (typeof lines)[number]) => all || accounts.includes(line.account) || accounts.includes(line.accountName);
  const meant = lines.filter((line) => line.kind !== "no change" && isMeant(line));
  const strangers = accounts.filter((name) => !lines.some(({ account, accountName }) => account === name || accountName === name));
  if (strangers.length > 0) throw new Error(`No line is about ${strangers.join(", ")}.`);
  const who = by ?? (await whoIsIt());
  const at = new Date().toISOString();
  const added = meant.map(({ account, service, billed = 0, used }): LineDecision => ({
    account,
    service,
    billed,
    used,
    decision,
    by: who,
    at,
    reason: reason.trim(),
    ...(until !== undefined && { until }),
    ...(effective !== undefined && { effective }),
  }));
  const decisions = [...context.decisions, ...added];
  // What cannot be read back is not written.
  parseDecisions(formatDecisions(decisions), context.decisionsPath);
  await replaceFile(context.decisionsPath, formatDecisions(decisions));
  for (const line of meant) console.log(`${decision}: ${describe(toCount(line))}`);
  console.log(`${added.length} lines ${decision} by ${who}: ${onOneLine(reason)}`);
  return 0;
}
