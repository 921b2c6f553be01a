import type { ReadSecret } from "../program/hr/secret.ts";
import { BillingError, type BillingSide } from "./billingSide.ts";
import { entriesOf, type Ledger } from "./ledger.ts";
import { readExport } from "./readExport.ts";
import type { SeatsSettings } from "./settings.ts";
import { standing, type Standing } from "./standing.ts";
import { createSynthesizeClient, type SynthesizeClient } from "./synthesize/client.ts";
import { createSendToSynthesize } from "./synthesize/send.ts";

/** @throws BillingError where the configuration does not say where the keys are */
export async function connectSynthesize(
  billing: Extract<SeatsSettings["billing"], { source: "synthesize" }>,
  readSecret: ReadSecret,
): Promise<SynthesizeClient> {
  const readKey = (from: typeof billing.vendorKey, name: string) => {
    if (!from) throw new BillingError(`The configuration does not say where the ${name} is.`);
    return readSecret(from, name);
  };
  const [vendorKey, partnerKey] = await Promise.all([
    readKey(billing.vendorKey, "vendor key of Synthesize"),
    readKey(billing.partnerKey, "partner key of Synthesize"),
  ]);
  return createSynthesizeClient(createSendToSynthesize({ vendorKey, partnerKey }, { url: billing.url }));
}

/** @param ledger what was sent, which is all that is known of what Synthesize has: it cannot be read back */
export async function readBillingSide(
  billing: SeatsSettings["billing"],
  root: string,
  readSecret: ReadSecret,
  ledger: Ledger,
): Promise<BillingSide> {
  if (billing.source !== "synthesize") return readExport(billing, root);
  const synthesize = await connectSynthesize(billing, readSecret);
  const [organization, accounts, services] = await Promise.all([
    synthesize.getOrganization(),
    synthesize.listAccounts(),
    synthesize.listServices(),
  ]);
  const { organizationId, integrationId, name, status } = organization;
  const integration = `${organizationId}/${integrationId}`;
  const there = new Set(accounts.map(({ id }) => id));
  const own = entriesOf(ledger, integration);
  // What became of its counts, nobody knows.
  const asFarAsKnown = (count: Standing): Standing => (status === "inactive" ? { ...count, isUnsure: true } : count);
  const billed = standing(own)
    .filter(({ account }) => there.has(account))
    .map(asFarAsKnown);
  const target = { synthesize, integration, status, isStrange: status !== "pending" && own.length === 0 && accounts.length > 0 };
  return { name: `Synthesize, ${name}`, accounts, services, billed, takesZero: billing.zero, target };
}
