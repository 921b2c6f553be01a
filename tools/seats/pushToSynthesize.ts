import { onOneLine } from "../../provider/essentials/errors.ts";
import type { Target } from "../../seats/billingSide.ts";
import { entriesOf } from "../../seats/ledger.ts";
import { findUnmapped } from "../../seats/mapping.ts";
import { packageLabel } from "../../seats/package.ts";
import { planPush, type Count } from "../../seats/planPush.ts";
import { planServices, toEntry, type PlannedService } from "../../seats/planServices.ts";
import { findServices } from "../../seats/propose.ts";
import { push, type Told } from "../../seats/push.ts";
import type { Reconciliation } from "../../seats/reconcile.ts";
import type { SynthesizeClient } from "../../seats/synthesize/client.ts";
import { countPushes } from "../../seats/standing.ts";
import { SynthesizeError } from "../../seats/synthesize/send.ts";
import { approvePush, type ApprovalOptions } from "./approvePush.ts";
import type { BothSides, SeatsContext } from "./context.ts";
import { reconcileAll } from "./reconcileAll.ts";
import { describe } from "./describe.ts";
import { writeMapping } from "./writeMapping.ts";

export interface PushOptions extends ApprovalOptions {
  /** Make services that are missing on the other side. */
  readonly createServices: boolean;
}

/** Judged first, with services that are still to be made: where it is refused, nothing was written anywhere. */
export async function pushToSynthesize(context: SeatsContext, sides: BothSides, target: Target, options: PushOptions): Promise<number> {
  const { ledger } = context;
  const { synthesize, integration, isStrange } = target;
  const planned = options.createServices ? planServices(findUnmapped(sides.counted, context.mapping).packages, sides.billing.services) : [];
  const { takesZero } = sides.billing;
  const pushes = countPushes(entriesOf(ledger, integration));
  const { violations, code } = planPush(reconcileWith(context, sides, planned), { takesZero, pushes });
  const strange = "Counts stand there that this ledger knows nothing of: is this the right folder, and the right integration?";
  const approved = await approvePush(context, [...violations, ...(isStrange ? [strange] : [])], code, options);

  if (target.status !== "active" && target.status !== "pending") {
    // Remembered first: once it is pending, nobody sees any more that it was inactive.
    await ledger.add({ at: new Date().toISOString(), integration, outcome: "inactive" });
    await synthesize.setStatus("pending");
    console.log(onOneLine(`The integration was ${target.status}; it is pending until Synthesize has looked at the counts.`));
  }
  const added = await addServices(planned, synthesize);
  if (added.length > 0) await writeMapping(context, { accounts: [], services: added.map(toEntry) });
  const reconciliation = reconcileWith(context, sides, added);
  const { counts, stale } = planPush(reconciliation, { takesZero });
  await addMissingAccounts(reconciliation, context, sides, target);
  // As they come: of a push that is cut off, too, people know what it did.
  const onCount = (count: Count, told: Told) => console.log(onOneLine(tellCount(count, told)));
  const pushed = await push(counts, { synthesize, ledger, integration, now: () => new Date(), takesZero, approved, onCount });

  const { sent } = pushed.counts;
  const notTaken = counts.length - sent;
  const lines = [
    ...stale.map(
      ({ title, before }) =>
        `stale: ${title} stands at ${before ?? "what nobody knows"}, and Synthesize takes no 0; correct it there by hand, then: npm run seats -- corrected`,
    ),
    ...(pushed.rebuild === "done" ? ["One count was sent again as it stands, for Synthesize to rebuild its cards."] : []),
    ...(pushed.rebuild === "failed"
      ? ["Synthesize has not rebuilt its cards: no count that stands there was taken. Push again once one is mapped."]
      : []),
    counts.length + stale.length > 0
      ? `${sent} counts sent, ${notTaken} not taken, ${stale.length} stale.`
      : `Nothing has changed since the last push${pushed.rebuild === "not needed" ? "; nothing was sent" : ""}.`,
  ];
  for (const line of lines) console.log(onOneLine(line));
  return notTaken + stale.length > 0 || pushed.rebuild === "failed" ? 1 : 0;
}

function tellCount(count: Count, { became, why = "" }: Told): string {
  const { title, seats } = count;
  switch (became) {
    case "sent":
      return describe(count);
    case "unmapped":
      return `not taken: ${title} is not mapped in Synthesize; map it there, and push again${seats === 0 ? ", or, where nothing stands there: npm run seats -- corrected" : ""}`;
    case "refused":
      return `refused: ${why}`;
    case "held back":
      return `not sent: ${title}, because another count of this customer was refused`;
  }
}

function reconcileWith(context: SeatsContext, sides: BothSides, added: readonly PlannedService[]): Reconciliation {
  const { mapping } = context;
  const services = [...sides.billing.services, ...added.map(({ service }) => service)];
  return reconcileAll(
    { ...context, mapping: { ...mapping, services: [...mapping.services, ...added.map(toEntry)] } },
    { ...sides, billing: { ...sides.billing, services } },
  );
}

async function addServices(planned: readonly PlannedService[], synthesize: SynthesizeClient): Promise<readonly PlannedService[]> {
  const added: PlannedService[] = [];
  for (const each of planned) {
    const { name } = each.service;
    const all = each.isNew ? await synthesize.addService(name) : [each.service];
    const [service] = findServices(all, each.package);
    if (!service) throw new SynthesizeError(`Synthesize does not list the service ${name} after it was added. No count was sent.`);
    added.push({ ...each, service });
    console.log(onOneLine(`the service ${service.name} (${service.id}) stands for the package ${packageLabel(each.package)}`));
  }
  return added;
}

/** The accounts that counts are for and that are not there yet: their ID is that of the organisation, as the mapping has it. */
async function addMissingAccounts(
  { lines }: Reconciliation,
  { ledger }: SeatsContext,
  { billing }: BothSides,
  target: Target,
): Promise<void> {
  const known = new Set(billing.accounts.map(({ id }) => id));
  const missing = new Map(lines.filter(({ account }) => !known.has(account)).map(({ account, accountName }) => [account, accountName]));
  // Before it is made: what becomes of the counts of one that was there once, nobody knows from now on.
  const at = new Date().toISOString();
  for (const account of missing.keys()) await ledger.add({ at, integration: target.integration, outcome: "account added", account });
  await target.synthesize.addAccounts([...missing].map(([id, name]) => ({ id, name })));
  if (missing.size > 0) console.log(`${missing.size} accounts added.`);
}
