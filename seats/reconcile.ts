import type { Counted } from "./counted.ts";
import { findUnmapped, type Mapping, type Unmapped } from "./mapping.ts";
import { amountOf } from "./money.ts";
import { packageKey, packageLabel } from "./package.ts";
import type { Prices } from "./prices.ts";
import { keyOf } from "./standing.ts";

/** One line of a contract as the billing side has it. */
export interface Billed {
  readonly account: string;
  readonly service: string;
  readonly seats: number;
  /** Nobody knows whether it was taken: it is to be sent again, whatever it is. */
  readonly isUnsure?: true;
}

/** What the billing side has, and what it calls it. */
export interface BilledLines {
  readonly billed: readonly Billed[];
  readonly accounts: readonly Named[];
  readonly services: readonly Named[];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

export type Kind = "new revenue" | "reconcile" | "no change";

/** One contract line, both sides of it. */
export interface Line {
  readonly account: string;
  readonly accountName: string;
  readonly service: string;
  /** What people call it. */
  readonly package: string;
  /** Domains of the organisations whose seats it adds up; none where nothing is left of it. */
  readonly organisations: readonly string[];
  /** Absent where the billing side has no such line. */
  readonly billed?: number;
  readonly used: number;
  /** Licences bought; absent where the service does not say for all of them. */
  readonly bought?: number;
  /** Nobody knows whether what is billed is this, or what it was before. */
  readonly isUnsure?: true;
  /** Used without billed. */
  readonly delta: number;
  /** What the delta is worth each month, in hundredths; absent where there is no price. */
  readonly amount?: number;
  readonly kind: Kind;
  /** From when on it is to be billed: the first of the next month. */
  readonly effective: string;
}

export interface Excluded {
  readonly organisation: string;
  readonly seats: number;
  readonly cause: string;
}

export interface Reconciliation {
  readonly lines: readonly Line[];
  readonly excluded: readonly Excluded[];
  readonly unmapped: Unmapped;
}

export interface Terms {
  readonly prices: Prices | undefined;
  /** The calendar day it is. */
  readonly today: string;
}

/** Both sides beside each other. Pure; every active seat is in exactly one line, or excluded with its cause, or unmapped. */
export function reconcile(counted: readonly Counted[], mapping: Mapping, side: BilledLines, terms: Terms): Reconciliation {
  const unmapped = findUnmapped(counted, mapping);
  const accounts = new Map(mapping.accounts.map((entry) => [entry.eid, entry]));
  const services = new Map(mapping.services.map((entry) => [entry.package, entry]));
  const reasons = new Map(mapping.excluded.map(({ eid, reason }) => [eid, reason]));
  const causeOf = ({ eid, notBilled }: Counted) => notBilled ?? reasons.get(eid);

  const lines = new Map<string, Sides>();
  const lineOf = (account: string, service: string) => {
    const key = keyOf({ account, service });
    const line = lines.get(key) ?? { account, service, organisations: [] };
    lines.set(key, line);
    return line;
  };
  for (const organisation of counted) {
    const [account, service] = [accounts.get(organisation.eid), services.get(organisation.package)];
    if (causeOf(organisation) === undefined && account && service)
      lineOf(account.account, service.service).organisations.push(organisation);
  }
  // A line that is billed and has nothing on the right any more: a customer who left, a package somebody changed.
  for (const { account, service, seats, isUnsure } of side.billed) {
    if (seats === 0 && !isUnsure && !lines.has(keyOf({ account, service }))) continue;
    const line = lineOf(account, service);
    line.billed = (line.billed ?? 0) + seats;
    if (isUnsure) line.isUnsure = true;
  }
  // The last one counts: a customer is called what the billing side calls it, or else what the first organisation with a name is.
  const backwards = mapping.accounts.toReversed();
  const names = {
    account: new Map([
      ...backwards.map(({ account, organisation }) => [account, organisation] as const),
      ...backwards.flatMap(({ account, name }) => (name === undefined ? [] : [[account, name] as const])),
      ...side.accounts.map(({ id, name }) => [id, name] as const),
    ]),
    // What nobody maps any more is called what the billing side calls it, and costs what its package costs.
    service: new Map([
      ...side.services.map(({ id, name }) => [id, name] as const),
      ...mapping.services.map((entry) => [entry.service, entry.package] as const),
    ]),
  };
  return {
    lines: [...lines.values()].map((sides) => toLine(sides, names, terms)).sort(byName),
    excluded: counted.flatMap((organisation) => {
      const cause = causeOf(organisation);
      return cause === undefined ? [] : [{ organisation: organisation.domain, seats: organisation.used, cause }];
    }),
    unmapped,
  };
}

interface Sides {
  readonly account: string;
  readonly service: string;
  readonly organisations: Counted[];
  billed?: number;
  isUnsure?: true;
}

interface Names {
  readonly account: ReadonlyMap<string, string>;
  readonly service: ReadonlyMap<string, string>;
}

function toLine({ account, service, organisations, billed, isUnsure }: Sides, names: Names, { prices, today }: Terms): Line {
  const used = organisations.reduce((seats, organisation) => seats + organisation.used, 0);
  const bought = organisations.every((each) => each.bought !== undefined)
    ? organisations.reduce((seats, each) => seats + (each.bought ?? 0), 0)
    : undefined;
  const name = names.service.get(service) ?? service;
  const price = prices?.perSeat.get(packageKey(name));
  const delta = used - (billed ?? 0);
  return {
    account,
    accountName: names.account.get(account) ?? account,
    service,
    package: packageLabel(name),
    organisations: organisations.map(({ domain }) => domain).sort(),
    ...(billed !== undefined && { billed }),
    ...(isUnsure && { isUnsure }),
    used,
    ...(bought !== undefined && organisations.length > 0 && { bought }),
    delta,
    ...(price !== undefined && { amount: amountOf(used, price) - amountOf(billed ?? 0, price) }),
    kind: delta === 0 && !isUnsure ? "no change" : (billed ?? 0) === 0 ? "new revenue" : "reconcile",
    effective: firstOfNextMonth(today),
  };
}

function byName(a: Line, b: Line): number {
  return a.accountName === b.accountName ? (a.package < b.package ? -1 : 1) : a.accountName < b.accountName ? -1 : 1;
}

function firstOfNextMonth(today: string): string {
  const [year = 0, month = 1] = today.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}
