import { renderCounts } from "../../seats/countsFile.ts";
import { planPush } from "../../seats/planPush.ts";
import { onOneLine } from "../../provider/essentials/errors.ts";
import { ExportError, type Export } from "../../seats/readExport.ts";
import { readIfThere } from "../../program/files/readIfThere.ts";
import { keyOf, standing } from "../../seats/standing.ts";
import { approvePush, type ApprovalOptions } from "./approvePush.ts";
import { files, type BothSides, type SeatsContext } from "./context.ts";
import { findLeftOut, reconcileAll } from "./reconcileAll.ts";
import { describe } from "./describe.ts";
import { replaceFile } from "../../program/files/replaceFile.ts";

/** For a billing system that takes files: every count, zeros too, in the columns of its own export. */
export async function pushToFile(context: SeatsContext, sides: BothSides, billing: Export, options: ApprovalOptions): Promise<number> {
  const { ledger, path } = context;
  const reconciliation = reconcileAll(context, sides);
  const { counts, violations, code } = planPush(reconciliation);
  const file = path(billing.counts ?? `counts.${billing.source}`);
  const own = [billing.path, ...Object.values(files)].map(path);
  if (own.includes(file)) throw new ExportError(`billing.counts is ${file}, which is read here. Name another file; nothing was written.`);
  for (const line of findLeftOut(sides.billing, context.mapping.services)) console.log(onOneLine(line));
  const content = renderCounts(reconciliation, sides.billing, billing);
  const state = `${reconciliation.lines.length} counts, ${counts.length} other than in ${sides.billing.name}.`;
  if ((await readIfThere(file)) === content) {
    console.log(`Nothing has changed since the last push: ${file} has ${state}`);
    return 0;
  }
  const approved = await approvePush(context, violations, code, options);
  const integration = `file ${billing.path}`;
  const stands = standing(ledger.entries.filter((entry) => entry.integration === integration));
  const sent = new Map(stands.map((count) => [keyOf(count), count]));
  const fresh = counts.filter((count) => sent.get(keyOf(count))?.seats !== count.seats);
  const at = new Date().toISOString();
  for (const { account, service, seats } of fresh)
    await ledger.add({ at, account, service, seats, outcome: "sent", integration, built: true, ...(approved && { approved }) });
  // Last: as long as the file is not this, the next push begins anew.
  await replaceFile(file, content);
  for (const count of counts) console.log(describe(count));
  console.log(`${file} has now ${state}`);
  return 0;
}
