import { foldAddress } from "../provider/essentials/address.ts";
import type { AzureSync } from "../provider/essentials/azureSync.ts";
import type { Essentials } from "../provider/essentials/client.ts";
import type { User } from "../provider/essentials/schema.ts";
import type { Feed } from "./hr/row.ts";
import { readFeed, type SourceContext } from "./hr/source.ts";
import type { Exception } from "./policy/exceptions.ts";
import { findFlips, isQuarrel, type Flips } from "./policy/flip.ts";
import { readExceptions } from "./readExceptions.ts";
import type { Memory } from "./memory.ts";
import type { Settings } from "./settings.ts";

/** Everything a decision rests on, read once, whole, and at the same time. */
export interface Gathered {
  readonly feed: Feed;
  readonly users: readonly User[];
  readonly exceptions: readonly Exception[];
  /** What the last applied run left behind. */
  readonly memory: Memory;
  /** Accounts that are not as this program last made them, by folded address. */
  readonly flips: Flips;
  /** What is to be done about directory sync, which turns functional accounts back unless they are exempt. */
  readonly sync: SyncSituation;
}

export interface SyncSituation {
  readonly mode: "manage" | "warn" | "ignore";
  /** Addresses that are exempt, folded; read where somebody else looks after them and it matters. */
  readonly exempt?: ReadonlySet<string>;
  /** As it is set up, where it is and that was asked for. */
  readonly settings?: AzureSync;
  /** The last successful one, where that is known. */
  readonly last?: Date;
}

/** @throws what could not be read: half of it is no ground for a decision */
export async function gather(
  settings: Settings,
  essentials: Essentials,
  source: SourceContext,
  { now, lastRun }: { readonly now: Date; readonly lastRun: Promise<Memory> },
): Promise<Gathered> {
  const [feed, users, exceptions, memory, sync] = await Promise.all([
    readFeed(settings.hr, source),
    essentials.listUsers(),
    readExceptions(settings.exceptions, source.projectRoot),
    lastRun,
    lookAtSync(settings, essentials),
  ]);
  const flips = findFlips(users, memory.written, now);
  return { feed, users, exceptions, memory, flips, sync: flips.size === 0 ? sync : await lookCloser(sync, flips, essentials) };
}

async function lookAtSync({ exemptions }: Settings, essentials: Essentials): Promise<SyncSituation> {
  switch (exemptions) {
    case "manage":
    case "ignore":
      return { mode: exemptions };
    case "warn":
      return { mode: "warn", exempt: await readExempt(essentials) };
    case undefined:
      return toSituation(await essentials.getAzureSync());
  }
}

/** Whoever undid what this program did may have been directory sync: when did it run, and is it to leave these accounts alone? */
async function lookCloser(sync: SyncSituation, flips: Flips, essentials: Essentials): Promise<SyncSituation> {
  const { last, settings } = sync.settings ? sync : toSituation(await essentials.getAzureSync());
  const quarrels = [...flips.values()].some(isQuarrel);
  const exempt = sync.exempt ?? (quarrels && sync.mode === "ignore" ? await readExempt(essentials) : undefined);
  return { ...sync, ...(settings && { settings }), ...(last && { last }), ...(exempt && { exempt }) };
}

function toSituation(sync: AzureSync | undefined): SyncSituation {
  const last = new Date(sync?.last_successful_sync ?? "");
  return { mode: sync ? "manage" : "ignore", ...(sync && { settings: sync }), ...(!Number.isNaN(last.getTime()) && { last }) };
}

async function readExempt(essentials: Essentials): Promise<ReadonlySet<string>> {
  return new Set((await essentials.listExemptions()).map(foldAddress));
}
