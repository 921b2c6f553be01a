import type { ReadSecret } from "../program/hr/secret.ts";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import type { Ledger } from "./ledger.ts";
import type { Account } from "./propose.ts";
import { readExport } from "./readExport.ts";
import type { Billed } from "./reconcile.ts";
import type { SeatsSettings } from "./settings.ts";
import { standing, type Standing } from "./standing.ts";
import { createSynthesizeClient, type SynthesizeClient } from "./synthesize/client.ts";
import { createSendToSynthesize } from "./synthesize/send.ts";

export interface Service {
  readonly id: string;
  readonly name: string;
}

/** Who bills: customers, services, and what is billed. */
export interface BillingSide {
  readonly name: string;
  readonly accounts: readonly Account[];
  readonly services: readonly Service[];
  /** What stands there: an export says so; of Synthesize it is what was sent, about accounts that are still there. */
  readonly billed: readonly Billed[];
  /** Whether it takes a count of 0. */
  readonly takesZero: boolean;
  /** Lines whose number of seats cannot be read, and why. */
  readonly unread?: readonly { readonly service: string; readonly problem: string }[];
  /** Where counts can be sent to. */
  readonly target?: Target;
}

export interface Target {
  readonly synthesize: SynthesizeClient;
  readonly integration: string;
  /** `active` from its first counts on; `pending` before, `inactive` after a disconnect. */
  readonly status: string;
  /** Counts stand there that this ledger knows nothing of. */
  readonly isStrange: boolean;
}

/** The billing side cannot be asked. */
export class BillingError extends ErrorForPeople {}

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
  const own = ledger.entries.filter((entry) => entry.integration === integration);
  // What became of its counts, nobody knows.
  const asFarAsKnown = (count: Standing): Standing => (status === "inactive" ? { ...count, isUnsure: true } : count);
  const billed = standing(own)
    .filter(({ account }) => there.has(account))
    .map(asFarAsKnown);
  const target = { synthesize, integration, status, isStrange: status !== "pending" && own.length === 0 && accounts.length > 0 };
  return { name: `Synthesize, ${name}`, accounts, services, billed, takesZero: billing.zero, target };
}
