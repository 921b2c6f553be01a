import { dayIn } from "../../program/hr/date.ts";
import { onOneLine } from "../../provider/essentials/errors.ts";
import { decisionAbout } from "../../seats/decisions.ts";
import type { Line } from "../../seats/reconcile.ts";
import { formats, renderReconciliation, type Format } from "../../seats/render.ts";
import { UsageError } from "../cli/usageError.ts";
import { readBothSides, type SeatsContext } from "./context.ts";
import { findLeftOut, reconcileAll } from "./reconcileAll.ts";

/** Each contract line, both sides of it. */
export async function showReconciliation(context: SeatsContext, format: string): Promise<number> {
  if (!(formats as readonly string[]).includes(format)) throw new UsageError(`--format is "${format}"; use ${formats.join(", ")}.`);
  const sides = await readBothSides(context);
  const reconciliation = reconcileAll(context, sides);
  const today = dayIn(context.settings.timeZone, new Date());
  const decisionOn = (line: Line) => decisionAbout(line, context.decisions, today);
  process.stdout.write(renderReconciliation(reconciliation, format as Format, context.settings.price?.currency, decisionOn));
  // Beside the output: a program may read that.
  for (const line of findLeftOut(sides.billing, context.mapping.services)) console.error(onOneLine(line));
  return 0;
}
