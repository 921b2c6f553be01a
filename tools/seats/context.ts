import { listSome } from "../../program/lists/listSome.ts";
import { resolve } from "node:path";
import { createReadSecret } from "../../program/hr/secret.ts";
import { dayIn } from "../../program/hr/date.ts";
import { readBillingSide, type BillingSide } from "../../seats/billingSide.ts";
import type { Counted } from "../../seats/counted.ts";
import { openLedger, type Ledger } from "../../seats/ledger.ts";
import { findDangling, findUnmapped, MappingError, parseMapping, type Mapping, type OtherSide } from "../../seats/mapping.ts";
import { parseDecisions, type LineDecision } from "../../seats/decisions.ts";
import { noPackage, packageLabel } from "../../seats/package.ts";
import { connectPartners, readCounts, type ConnectedPartner } from "../../seats/readCounts.ts";
import { reconcile, type Reconciliation } from "../../seats/reconcile.ts";
import { readIfThere } from "../../program/files/readIfThere.ts";
import { readSeatsSettings, SeatsConfigError, type SeatsSettings } from "../../seats/settings.ts";

/** What every command of seats works with. */
export interface SeatsContext {
  readonly settings: SeatsSettings;
  readonly folder: string;
  /** Of a file in it. */
  readonly path: (name: string) => string;
  readonly configPath: string;
  readonly mappingPath: string;
  readonly ledgerPath: string;
  readonly decisionsPath: string;
  readonly decisions: readonly LineDecision[];
  readonly mapping: Mapping;
  readonly ledger: Ledger;
  /** All partners of the configuration, or some of them. */
  readonly connect: (partners?: SeatsSettings["partners"]) => Promise<readonly ConnectedPartner[]>;
  readonly readBilling: () => Promise<BillingSide>;
}

export async function openSeats(folder: string): Promise<SeatsContext> {
  const root = resolve(folder);
  const path = (name: string) => resolve(root, name);
  const [configPath, mappingPath, ledgerPath, decisionsPath] = [
    path("config.yaml"),
    path("mapping.yaml"),
    path("ledger.jsonl"),
    path("decisions.yaml"),
  ];
  const settings = await readSeatsSettings(configPath);
  const ledger = await openLedger(ledgerPath);
  const content = await readIfThere(mappingPath);
  return {
    settings,
    folder,
    path,
    configPath,
    mappingPath,
    ledgerPath,
    decisionsPath,
    decisions: parseDecisions(await readIfThere(decisionsPath), decisionsPath),
    mapping: parseMapping(content, mappingPath),
    ledger,
    connect: async (partners = settings.partners) => connectPartners({ ...connected(settings, configPath), partners }),
    readBilling: async () => readBillingSide(connected(settings, configPath).billing, root, createReadSecret(process.env, root), ledger),
  };
}

/** @throws SeatsConfigError after a disconnect: a login left out would be taken from the environment */
function connected(settings: SeatsSettings, path: string): SeatsSettings {
  if (settings.disconnected === undefined) return settings;
  throw new SeatsConfigError(
    `This was disconnected on ${settings.disconnected}. To connect again, say in ${path} where the credentials are, and take the line "disconnected" out.`,
  );
}

export interface BothSides {
  readonly counted: readonly Counted[];
  readonly billing: BillingSide;
}

/** Both sides, read at the same time and whole, before anything rests on either. */
export async function readBothSides(context: SeatsContext): Promise<BothSides> {
  const [counted, billing] = await Promise.all([context.connect().then(readCounts), context.readBilling()]);
  return { counted, billing };
}

export function otherSide({ accounts, services, target }: BillingSide): OtherSide {
  const ids = (of: readonly { readonly id: string }[]) => new Set(of.map(({ id }) => id));
  return { accounts: ids(accounts), services: ids(services), takesAccounts: target !== undefined };
}

/** @throws MappingError while somebody is neither mapped nor excluded with a reason */
export function reconcileAll({ settings, mapping, mappingPath }: SeatsContext, { counted, billing }: BothSides): Reconciliation {
  const { organisations, packages } = findUnmapped(counted, mapping);
  if (organisations.length + packages.length > 0) {
    const names = [
      ...organisations.map(({ domain, eid }) => `${domain} (${eid})`),
      ...packages.map((name) => (name === noPackage ? "organisations without a package" : `the package ${packageLabel(name)}`)),
    ];
    throw new MappingError(
      `${names.length} have nothing on the billing side: ${listSome(names)}. ` +
        `Map them (npm run seats -- map), or exclude them in ${mappingPath} with a reason. Nothing was reconciled.`,
    );
  }
  const dangling = findDangling(mapping, counted, otherSide(billing));
  if (dangling.length > 0)
    throw new MappingError(
      [`${mappingPath} is about what is not there; nothing was reconciled.`, ...dangling.slice(0, 10).map((line) => `  ${line}`)].join(
        "\n",
      ),
    );
  // An export has lines of everything that is sold; those of services nobody mapped are none of ours.
  const ours = new Set(mapping.services.map(({ service }) => service));
  const billed = billing.target ? billing.billed : billing.billed.filter(({ service }) => ours.has(service));
  return reconcile(counted, mapping, { ...billing, billed }, { prices: settings.price, today: dayIn(settings.timeZone, new Date()) });
}
