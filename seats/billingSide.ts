import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import type { ReadSecret } from "../program/hr/secret.ts";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import type { Ledger } from "./ledger.ts";
import type { Account } from "./propose.ts";
import type { Billed } from "./reconcile.ts";
import type { SeatsSettings } from "./settings.ts";
import { standing, type Standing } from "./standing.ts";
import { createSynthesizeClient, type Synthesize } from "./synthesize/client.ts";
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
  /** Where counts can be sent to. */
  readonly target?: Target;
}

export interface Target {
  readonly synthesize: Synthesize;
  readonly integration: string;
  /** `active` from its first counts on; `pending` before, `inactive` after a disconnect. */
  readonly status: string;
  /** Counts stand there that this ledger knows nothing of. */
  readonly isStrange: boolean;
}

/** The export of a billing system could not be read. */
export class BillingError extends ErrorForPeople {}

/** @param ledger what was sent, which is all that is known of what Synthesize has: it cannot be read back */
export async function readBillingSide(
  billing: SeatsSettings["billing"],
  root: string,
  readSecret: ReadSecret,
  ledger: Ledger,
): Promise<BillingSide> {
  if (billing.source !== "synthesize") return readExport(billing, root);
  const readKey = (from: typeof billing.vendorKey, name: string) => {
    if (!from) throw new BillingError(`The configuration does not say where the ${name} is.`);
    return readSecret(from, name);
  };
  const [vendorKey, partnerKey] = await Promise.all([
    readKey(billing.vendorKey, "vendor key of Synthesize"),
    readKey(billing.partnerKey, "partner key of Synthesize"),
  ]);
  const synthesize = createSynthesizeClient(createSendToSynthesize({ vendorKey, partnerKey }, { url: billing.url }));
  const [organization, accounts, services] = await Promise.all([
    synthesize.getOrganization(),
    synthesize.listAccounts(),
    synthesize.listServices(),
  ]);
  const { organizationId, integrationId, name, status } = organization;
  const integration = `${organizationId}/${integrationId}`;
  const there = new Set(accounts.map(({ id }) => id));
  const own = ledger.entries.filter((entry) => entry.integration === integration);
  // Somebody else set it inactive: what became of its counts, nobody knows.
  const asFarAsKnown = (count: Standing): Standing => (status === "inactive" ? { ...count, isUnsure: true } : count);
  const billed = standing(own)
    .filter(({ account }) => there.has(account))
    .map(asFarAsKnown);
  const target = { synthesize, integration, status, isStrange: status !== "pending" && own.length === 0 && accounts.length > 0 };
  return { name: `Synthesize, ${name}`, accounts, services, billed, target };
}

type Export = Extract<SeatsSettings["billing"], { source: "csv" | "json" }>;

async function readExport({ source, path, columns }: Export, root: string): Promise<BillingSide> {
  const file = resolve(root, path);
  const refuse = (why: string): never => {
    throw new BillingError(`The export ${file} cannot be used: ${why}. Nothing was reconciled.`);
  };
  const text = await readFile(file, "utf8").catch((error: unknown) => refuse((error as NodeJS.ErrnoException).code ?? "it cannot be read"));
  let rows: Record<string, unknown>[];
  try {
    rows =
      source === "csv"
        ? parseCsv(text, { columns: true, bom: true, skip_empty_lines: true, trim: true })
        : (JSON.parse(text) as Record<string, unknown>[]);
  } catch {
    return refuse(`it is not ${source.toUpperCase()}`);
  }
  if (!Array.isArray(rows) || rows.length === 0) return refuse("it is empty");
  const [first = {}] = rows;
  const missing = Object.values(columns).filter((column) => column && !(column in first));
  if (missing.length > 0) refuse(`it has no column ${missing.join(", ")}; it has ${Object.keys(first).join(", ")}`);
  const lines = rows.map((row, at) => {
    const cell = (column: string | undefined) => {
      const value = column === undefined ? "" : row[column];
      return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    };
    // 1,000 is a thousand; 1.000 and 1,5 are refused, because they are another number elsewhere.
    const count = cell(columns.seats);
    const seats = /^(\d+|\d{1,3}(,\d{3})+)$/.test(count) ? Number(count.replaceAll(",", "")) : NaN;
    const [account, service] = [cell(columns.account), cell(columns.service)];
    if (account === "" || service === "" || Number.isNaN(seats)) refuse(`row ${at + 2} has no account, service or whole number of seats`);
    return { id: cell(columns.accountId) || account, account, service, seats, domain: cell(columns.domain).toLowerCase() };
  });
  const accounts = new Map(lines.map(({ id, account, domain }) => [id, { id, name: account, ...(domain && { domain }) }]));
  const services = [...new Set(lines.map(({ service }) => service))].map((name) => ({ id: name, name }));
  return {
    name: path,
    accounts: [...accounts.values()],
    services,
    billed: lines.map(({ id, service, seats }) => ({ account: id, service, seats })),
  };
}
