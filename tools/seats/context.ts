import { resolve } from "node:path";
import { createReadSecret } from "../../program/hr/secret.ts";
import type { BillingSide } from "../../seats/billingSide.ts";
import { readBillingSide } from "../../seats/readBillingSide.ts";
import type { Counted } from "../../seats/counted.ts";
import { openLedger, type Ledger } from "../../seats/ledger.ts";
import { parseMapping, type Mapping } from "../../seats/mapping.ts";
import { parseDecisions, type LineDecision } from "../../seats/decisions.ts";
import { connectPartners, readCounts, type ConnectedPartner } from "../../seats/readCounts.ts";
import { serviceId } from "../../seats/readExport.ts";
import { readIfThere } from "../../program/files/readIfThere.ts";
import { readSeatsSettings, SeatsConfigError, type SeatsSettings } from "../../seats/settings.ts";

/** What every command of seats works with. */
export interface SeatsContext {
  readonly settings: SeatsSettings;
  readonly folder: string;
  /** Of a file in it. */
  readonly path: (name: string) => string;
  readonly mappingPath: string;
  readonly decisionsPath: string;
  readonly decisions: readonly LineDecision[];
  readonly mapping: Mapping;
  readonly ledger: Ledger;
  /** All partners of the configuration, or some of them. */
  readonly connect: (partners?: SeatsSettings["partners"]) => Promise<readonly ConnectedPartner[]>;
  readonly readBilling: () => Promise<BillingSide>;
}

/** What is in a folder of seats. */
export const files = { config: "config.yaml", mapping: "mapping.yaml", ledger: "ledger.jsonl", decisions: "decisions.yaml" } as const;

export async function openSeats(folder: string): Promise<SeatsContext> {
  const root = resolve(folder);
  const path = (name: string) => resolve(root, name);
  const [configPath, mappingPath] = [path(files.config), path(files.mapping)];
  const decisionsPath = path(files.decisions);
  const settings = await readSeatsSettings(configPath);
  const ledger = await openLedger(path(files.ledger));
  const mapping = parseMapping(await readIfThere(mappingPath), mappingPath);
  return {
    settings,
    folder,
    path,
    mappingPath,
    decisionsPath,
    decisions: parseDecisions(await readIfThere(decisionsPath), decisionsPath),
    mapping: settings.billing.source === "synthesize" ? mapping : { ...mapping, services: mapping.services.map(withServiceId) },
    ledger,
    connect: async (partners = settings.partners) => connectPartners({ ...connected(settings, configPath), partners }),
    readBilling: async () => readBillingSide(connected(settings, configPath).billing, root, createReadSecret(process.env, root), ledger),
  };
}

/** Services of an export are told by their names, which people write in any case. */
function withServiceId<T extends { readonly service: string }>(entry: T): T {
  return { ...entry, service: serviceId(entry.service) };
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
