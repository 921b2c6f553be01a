import { foldAddress } from "../provider/essentials/address.ts";
import type { Essentials } from "../provider/essentials/client.ts";
import type { User } from "../provider/essentials/schema.ts";
import type { Feed } from "./hr/row.ts";
import { readFeed, type SourceContext } from "./hr/source.ts";
import type { Exception } from "./policy/exceptions.ts";
import { readExceptions } from "./readExceptions.ts";
import type { Settings } from "./settings.ts";

/** Everything a decision rests on, read once, whole, and at the same time. */
export interface Gathered {
  readonly feed: Feed;
  readonly users: readonly User[];
  readonly exceptions: readonly Exception[];
  /** What is to be done about directory sync, which turns functional accounts back unless they are exempt. */
  readonly sync: SyncSituation;
}

export interface SyncSituation {
  readonly mode: "manage" | "warn" | "ignore";
  /** Addresses that are exempt, folded; read where they are only warned about. */
  readonly exempt: ReadonlySet<string>;
}

/** @throws what could not be read: half of it is no ground for a decision */
export async function gather(settings: Settings, essentials: Essentials, source: SourceContext): Promise<Gathered> {
  const [feed, users, exceptions, sync] = await Promise.all([
    readFeed(settings.hr, source),
    essentials.listUsers(),
    readExceptions(settings.exceptions, source.projectRoot),
    lookAtSync(settings, essentials),
  ]);
  return { feed, users, exceptions, sync };
}

async function lookAtSync({ exemptions }: Settings, essentials: Essentials): Promise<SyncSituation> {
  if (exemptions === "ignore") return { mode: "ignore", exempt: new Set() };
  const mode = exemptions ?? ((await essentials.getAzureSync()) ? "manage" : "ignore");
  const exempt = new Set(mode === "warn" ? (await essentials.listExemptions()).map(foldAddress) : []);
  return { mode, exempt };
}
