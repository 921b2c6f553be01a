import { dayIn } from "../../program/hr/date.ts";
import { decisionAbout } from "../../seats/decisions.ts";
import type { Line } from "../../seats/reconcile.ts";
import { formats, renderReconciliation, type Format } from "../../seats/render.ts";
import { readBothSides, reconcileAll, type SeatsContext } from "./context.ts";

/** Each contract line, both sides of it. */
export async function showReconciliation(context: SeatsContext, format: string): Promise<number> {
  if (!(formats as readonly string[]).includes(format)) throw new Error(`--format is "${format}"; use ${formats.join(", ")}.`);
  const reconciliation = reconcileAll(context, await readBothSides(context));
  const today = dayIn(context.settings.timeZone, new Date());
  const decisionOn = (line: Line) => decisionAbout(line, context.decisions, today);
  process.stdout.write(renderReconciliation(reconciliation, format as Format, context.settings.price?.currency, decisionOn));
  return 0;
}
