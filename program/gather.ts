import { foldAddress } from "../provider/essentials/address.ts";
import type { AzureSync } from "../provider/essentials/azureSync.ts";
import type { OrganisationFacts } from "../provider/essentials/organisation.ts";
import type { Essentials } from "../provider/essentials/client.ts";
import type { User } from "../provider/essentials/schema.ts";
import type { Feed } from "./hr/row.ts";
import { readFeed } from "./hr/source.ts";
import type { SourceContext } from "./hr/sourceContext.ts";
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
  /** The organisation itself, with its package and its licences, where the service says. */
  readonly organisation?: OrganisationFacts;
  /** Outputs of the stack this one follows, where it follows one. */
  readonly promoted?: unknown;
}

/** What a gathering takes besides settings, client and HR source. */
export interface Background {
  readonly now: Date;
  readonly memory: Promise<Memory>;
  readonly promoted: Promise<unknown>;
}

export interface SyncSituation {
  readonly mode: "manage" | "warn" | "ignore";
  /** Addresses that are exempt, folded; read where somebody else looks after them, and where something was undone. */
  readonly exempt?: ReadonlySet<string>;
  /** The organisation has no directory sync any more, and this stack has exemptions. */
  readonly vanished?: true;
  /** The last successful one, where that is known. */
  readonly last?: Date;
  /** The hours between two; absent where there is none, or nobody has looked. */
  readonly hours?: number;
}

/** @throws what could not be read: half of it is no ground for a decision */
export async function gather(settings: Settings, essentials: Essentials, source: SourceContext, background: Background): Promise<Gathered> {
  const [feed, users, exceptions, memory, promoted, asked, sync] = await Promise.all([
    readFeed(settings.hr, source),
    essentials.listUsers(),
    readExceptions(settings.exceptions, source.projectRoot),
    background.memory,
    background.promoted,
    ask(() => essentials.getOrganisation()),
    lookAtSync(settings, essentials),
  ]);
  const undone = findUndone(users, memory.written);
  const inWaves = settings.waves.length > 0 && memory.wave !== undefined;
  const timed = inWaves || undone.length > 0 ? await lookWhen(sync, essentials) : sync;
  const closer = undone.length === 0 ? timed : await lookWhom(timed, essentials);
  const flips = findFlips(undone, memory.written, background.now, closer.exempt);
  return {
    feed,
    users,
    exceptions,
    memory,
    flips,
    sync: settle(closer, settings, memory),
    promoted,
    ...("value" in asked && { organisation: asked.value }),
  };
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

/** Whether directory sync is to leave those alone that somebody has undone. Where the service does not say, nobody knows. */
async function lookWhom(sync: SyncSituation, essentials: Essentials): Promise<SyncSituation> {
  const listed = await ask(() => readExempt(essentials));
  return "value" in listed ? { ...sync, exempt: listed.value } : sync;
}

/**
 * When it ran, also where somebody has set what is to be done about it: whoever undid what this program did may have been
 * directory sync. Where the service does not say, there may be one: that is no reason to fail, nor to count on the contrary.
 */
async function lookWhen(sync: SyncSituation, essentials: Essentials): Promise<SyncSituation> {
  const azure = await ask(() => essentials.getAzureSync());
  return "value" in azure ? { ...toSituation(azure.value), ...sync } : { hours: usualHours, ...sync };
}

/** Between two directory syncs, where nobody says. */
const usualHours = 24;

function toSituation(sync: AzureSync | undefined): SyncSituation {
  if (!sync) return { mode: "ignore" };
  const last = new Date(sync.last_successful_sync ?? "");
  const hours = Number(sync.sync_frequency);
  return { mode: "manage", hours: hours > 0 ? hours : usualHours, ...(!Number.isNaN(last.getTime()) && { last }) };
}

async function readExempt(essentials: Essentials): Promise<ReadonlySet<string>> {
  return new Set((await essentials.listExemptions()).map(foldAddress));
}
