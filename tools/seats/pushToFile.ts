import { readFile } from "node:fs/promises";
import { renderCounts } from "../../seats/countsFile.ts";
import { entriesOf, type Approved } from "../../seats/ledger.ts";
import { planPush, type Count } from "../../seats/planPush.ts";
import { onOneLine } from "../../provider/essentials/errors.ts";
import { ExportError, type Export } from "../../seats/readExport.ts";
import { countPushes, keyOf, standing } from "../../seats/standing.ts";
import { approvePush, type ApprovalOptions } from "./approvePush.ts";
import { files, type BothSides, type SeatsContext } from "./context.ts";
import { findLeftOut, reconcileAll } from "./reconcileAll.ts";
import { describe } from "./describe.ts";
import { replaceFile } from "../../program/files/replaceFile.ts";

/** For a billing system that takes files: every count, zeros too, in the columns of its own export. */
export async function pushToFile(context: SeatsContext, sides: BothSides, billing: Export, options: ApprovalOptions): Promise<number> {
  const { ledger, path } = context;
  const reconciliation = reconcileAll(context, sides);
  const { counts } = planPush(reconciliation);
  const file = path(billing.counts ?? `counts.${billing.source}`);
  const own = [billing.path, ...Object.values(files)].map(path);
  if (own.includes(file)) throw new ExportError(`billing.counts is ${file}, which is read here. Name another file; nothing was written.`);
  for (const line of findLeftOut(sides.billing, context.mapping.services)) console.log(onOneLine(line));
  const content = renderCounts(reconciliation, sides.billing, billing);
  const state = `${reconciliation.lines.length} counts, ${counts.length} other than in ${sides.billing.name}.`;
  const integration = `file ${billing.path}`;
  const before = entriesOf(ledger, integration);
  const stands = new Map(standing(before).map((count) => [keyOf(count), count]));
  const remember = async (some: readonly Count[], outcome: "sending" | "sent", approved?: Approved) => {
    const more = {
      at: new Date().toISOString(),
      integration,
      ...(outcome === "sent" && { built: true as const }),
      ...(approved && { approved }),
    };
    for (const { account, service, seats } of some) await ledger.add({ ...more, outcome, account, service, seats });
  };
  const there = await readFile(file).catch(() => undefined);
  if (there?.equals(content)) {
    // A push that was killed had written it, and not said so.
    await remember(
      counts.filter((count) => stands.get(keyOf(count))?.isUnsure),
      "sent",
    );
    console.log(`Nothing has changed since the last push: ${file} has ${state}`);
    return 0;
  }
  const { violations, code } = planPush(reconciliation, { pushes: countPushes(before) });
  const approved = await approvePush(context, violations, code, options);
  const fresh = counts.filter((count) => {
    const stand = stands.get(keyOf(count));
    return stand?.seats !== count.seats || stand.isUnsure;
  });
  await remember(fresh, "sending", approved);
  await replaceFile(file, content);
  await remember(fresh, "sent", approved);
  for (const count of counts) console.log(describe(count));
  console.log(`${file} has now ${state}`);
  return 0;
}
