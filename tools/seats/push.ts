import { readBothSides, type SeatsContext } from "./context.ts";
import { pushToFile } from "./pushToFile.ts";
import { pushToSynthesize, type PushOptions } from "./pushToSynthesize.ts";

/** Sends what differs from what stands there. Nothing is written before both sides were read whole. */
export async function pushCounts(context: SeatsContext, options: PushOptions): Promise<number> {
  if (options.approve !== undefined && !options.reason?.trim()) {
    console.error('An approval needs a reason: --reason "why it is right"');
    return 2;
  }
  const sides = await readBothSides(context);
  const { billing } = context.settings;
  if (billing.source !== "synthesize") return pushToFile(context, sides, billing, options);
  const { target } = sides.billing;
  if (!target) throw new Error("The billing side of Synthesize says where to send counts.");
  return pushToSynthesize(context, sides, target, options);
}
