import { formats, renderReconciliation, type Format } from "../../seats/render.ts";
import { readBothSides, reconcileAll, type SeatsContext } from "./context.ts";

/** Each contract line, both sides of it. */
export async function showReconciliation(context: SeatsContext, format: string): Promise<number> {
  if (!(formats as readonly string[]).includes(format)) throw new Error(`--format is "${format}"; use ${formats.join(", ")}.`);
  const reconciliation = reconcileAll(context, await readBothSides(context));
  process.stdout.write(renderReconciliation(reconciliation, format as Format, context.settings.price?.currency));
  return 0;
}
