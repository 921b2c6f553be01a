import { writeFile } from "node:fs/promises";
import { onOneLine } from "../../provider/essentials/errors.ts";
import { findUnmapped, formatMapping, type Mapping } from "../../seats/mapping.ts";
import { packageKey, packageLabel } from "../../seats/package.ts";
import { planPush, push, type Count } from "../../seats/push.ts";
import type { Synthesize } from "../../seats/synthesize/client.ts";
import { SynthesizeError } from "../../seats/synthesize/send.ts";
import { readBothSides, reconcileAll, type BothSides, type SeatsContext } from "./context.ts";

export interface PushOptions {
  /** Make services that are missing on the other side. */
  readonly createServices: boolean;
  /** Why counts may fall by more than usual, this once. */
  readonly approve: string | undefined;
}

/** Sends what differs from what was sent last. Nothing is written before both sides were read whole. */
export async function pushCounts(context: SeatsContext, { createServices, approve }: PushOptions): Promise<number> {
  const { ledger, settings } = context;
  const sides = await readBothSides(context);
  const { target } = sides.billing;
  if (!target || settings.billing.source !== "synthesize") {
    console.error("This billing side is an export: there is nothing to send to. Use npm run seats -- reconcile --format csv.");
    return 1;
  }
  const { synthesize, integration, sent: before, isStrange } = target;
  const added = createServices ? await addMissingServices(context, sides, synthesize) : [];
  const mapping = { ...context.mapping, services: [...context.mapping.services, ...added] };
  const services = [...sides.billing.services, ...added.map(({ service, name }) => ({ id: service, name }))];
  const reconciliation = reconcileAll({ ...context, mapping }, { ...sides, billing: { ...sides.billing, services } });
  const { counts, stale, violations } = planPush(reconciliation, before, { zero: settings.billing.zero });
  const refusals = [
    ...violations,
    ...(isStrange ? ["Counts stand there that this ledger knows nothing of: is this the right folder, and the right integration?"] : []),
  ];
  const approved = approve?.trim() || undefined;
  if (refusals.length > 0 && approved === undefined) {
    console.error(["No count was sent.", ...refusals.map((refusal) => `  ${refusal}`)].map(onOneLine).join("\n"));
    console.error('If that is right: npm run seats -- push --approve "why it is right"');
    return 1;
  }
  await addMissingAccounts(mapping, sides, synthesize);
  const { sent, unmapped } = await push(counts, { synthesize, ledger, integration, now: () => new Date(), approved });
  for (const count of sent) console.log(onOneLine(describe(count)));
  for (const { account, service } of unmapped)
    console.log(onOneLine(`not taken: account ${account}, service ${service} is mapped to nothing in Synthesize`));
  for (const { account, service, before: stands } of stale)
    console.log(onOneLine(`stale: account ${account}, service ${service} stands at ${stands} and takes no 0; correct it by hand`));
  if (counts.length + stale.length === 0) console.log("Nothing has changed since the last push; nothing was sent.");
  else
    console.log(
      `${sent.length} counts sent, ${unmapped.length} not taken, ${stale.length} stale${approved ? `, approved: ${approved}` : ""}.`,
    );
  return unmapped.length + stale.length > 0 ? 1 : 0;
}

interface Added {
  readonly package: string;
  readonly service: string;
  readonly name: string;
}

/** A service for every package that has none, by its name; the mapping knows it from then on. */
async function addMissingServices(
  { mapping, mappingPath }: SeatsContext,
  { counted, billing }: BothSides,
  synthesize: Synthesize,
): Promise<readonly Added[]> {
  const added: Added[] = [];
  for (const name of findUnmapped(counted, mapping).packages) {
    const isIt = (service: { readonly name: string }) => packageKey(service.name) === name;
    const service = billing.services.find(isIt) ?? (await synthesize.addService(packageLabel(name))).find(isIt);
    if (!service)
      throw new SynthesizeError(`Synthesize does not list the service ${packageLabel(name)} after it was added. No count was sent.`);
    added.push({ package: name, service: service.id, name: service.name });
    console.log(onOneLine(`the service ${service.name} (${service.id}) stands for the package ${packageLabel(name)}`));
  }
  if (added.length > 0) await writeFile(mappingPath, formatMapping({ ...mapping, services: [...mapping.services, ...added] }));
  return added;
}

/** The accounts of the mapping that are not there yet, and are to be new ones: their ID is that of the organisation. */
async function addMissingAccounts({ accounts }: Mapping, { billing }: BothSides, synthesize: Synthesize): Promise<void> {
  const known = new Set(billing.accounts.map(({ id }) => id));
  const missing = new Map(
    accounts.filter(({ account }) => !known.has(account)).map((entry) => [entry.account, entry.name ?? entry.organisation]),
  );
  await synthesize.addAccounts([...missing].map(([id, name]) => ({ id, name })));
  if (missing.size > 0) console.log(`${missing.size} accounts added.`);
}

function describe({ account, service, seats, before }: Count): string {
  return `account ${account}, service ${service}: ${before === undefined ? "" : `${before} → `}${seats}`;
}
