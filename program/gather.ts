import { foldAddress } from "../provider/essentials/address.ts";
import type { AzureSync } from "../provider/essentials/azureSync.ts";
import type { Essentials } from "../provider/essentials/client.ts";
import type { User } from "../provider/essentials/schema.ts";
import type { Feed } from "./hr/row.ts";
import { readFeed, type SourceContext } from "./hr/source.ts";
import type { Exception } from "./policy/exceptions.ts";
import { findFlips, findUndone, type Flips } from "./policy/flip.ts";
import { readExceptions } from "./readExceptions.ts";
import type { Memory } from "./memory.ts";
import { ask } from "./readiness/look.ts";
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
  /** Addresses that are exempt, folded; read where somebody else looks after them, and where something was undone. */
  readonly exempt?: ReadonlySet<string>;
  /** The organisation has no directory sync any more, and this stack has exemptions. */
  readonly vanished?: true;
  /** The last successful one, where that is known. */
  readonly last?: Date;
}

/** @throws what could not be read: half of it is no ground for a decision */
export async function gather(
  settings: Settings,
  essentials: Essentials,
  source: SourceContext,
  occasion: { readonly now: Date; readonly memory: Promise<Memory> },
): Promise<Gathered> {
  const [feed, users, exceptions, memory, sync] = await Promise.all([
    readFeed(settings.hr, source),
    essentials.listUsers(),
    readExceptions(settings.exceptions, source.projectRoot),
    occasion.memory,
    lookAtSync(settings, essentials),
  ]);
  const undone = findUndone(users, memory.written);
  const closer = undone.length === 0 ? sync : await lookCloser(sync, essentials);
  const flips = findFlips(undone, memory.written, occasion.now, closer.exempt);
  return { feed, users, exceptions, memory, flips, sync: settle(closer, settings, memory) };
}

/** What holds after this run: exemptions of this stack go with the way they are managed, and not because one answer is missing. */
function settle(sync: SyncSituation, { exemptions }: Settings, { exempted }: Memory): SyncSituation {
  if (exemptions === undefined && sync.mode === "ignore" && exempted.size > 0) return { ...sync, mode: "manage", vanished: true };
  if (sync.mode === "manage" || !sync.exempt) return sync;
  return { ...sync, exempt: new Set([...sync.exempt].filter((address) => !exempted.has(address))) };
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

/**
 * Whoever undid what this program did may have been directory sync: when did it run, and is it to leave these accounts
 * alone? Where the service does not say, nobody knows; that is no reason to fail.
 */
async function lookCloser(sync: SyncSituation, essentials: Essentials): Promise<SyncSituation> {
  const [azure, listed] = await Promise.all([ask(() => essentials.getAzureSync()), ask(() => readExempt(essentials))]);
  const { last } = toSituation("value" in azure ? azure.value : undefined);
  const exempt = "value" in listed ? listed.value : sync.exempt;
  return { mode: sync.mode, ...(last && { last }), ...(exempt && { exempt }) };
}

function toSituation(sync: AzureSync | undefined): SyncSituation {
  const last = new Date(sync?.last_successful_sync ?? "");
  return { mode: sync ? "manage" : "ignore", ...(!Number.isNaN(last.getTime()) && { last }) };
}

async function readExempt(essentials: Essentials): Promise<ReadonlySet<string>> {
  return new Set((await essentials.listExemptions()).map(foldAddress));
}
