import { foldAddress } from "../../provider/essentials/address.ts";
import { addressesOf, type User } from "../../provider/essentials/schema.ts";
import { bySafety } from "../hr/evidence.ts";
import { listSome } from "../lists/listSome.ts";
import type { Person, RefusedRow } from "../hr/person.ts";
import { FeedError } from "../hr/row.ts";
import { lookalikesOf } from "./lookalike.ts";
import { addressesWithin, domainOf, foldDomain, localPartOf, shorterAddresses } from "./within.ts";

/** One live user and what HR says of its owner. */
export interface Matched {
  readonly user: User;
  /** The person HR knows by one of the account's addresses; the safest where there are several. */
  readonly person?: Person;
  /** An address of the account that another account has too, so that nobody can say whose it is. */
  readonly sharedAddress?: { readonly address: string; readonly other: string };
  /** An address of the account that HR gives to two different people. */
  readonly twoPeople?: string;
  /** An address of the account outside the organisation's domains, by which HR knows somebody: that is no match. */
  readonly personalAddress?: string;
  /** A refused row in whose address cell an address of the account stands. */
  readonly refusedRow?: RefusedRow;
  /** An address in HR that no account has, and that may be a slip for one of this account, which HR does not know otherwise. */
  readonly similarAddress?: string;
}

export interface Match {
  readonly matched: readonly Matched[];
  readonly problems: readonly string[];
  /** People HR knows whose address no account has. */
  readonly withoutAccount: readonly Person[];
  /** Refused rows that may be about anybody. */
  readonly unclaimed: readonly RefusedRow[];
}

export interface MatchInput {
  readonly users: readonly User[];
  readonly people: readonly Person[];
  readonly refused: readonly RefusedRow[];
  /** Domains of the organisation besides those its accounts' primary addresses show. */
  readonly domains: readonly string[];
}

/**
 * @throws FeedError when HR knows nobody who has an account here: every account would be taken for a leaver's
 */
export function refuseStrangers({ withoutAccount }: Match, people: readonly Person[]): void {
  if (withoutAccount.length < people.length) return;
  throw new FeedError(
    `None of the ${people.length} people in the HR feed has an account in the organisation, so every account would be taken for a leaver's. ` +
      "It is another organisation's feed, or proofpoint:hr.columns.email names the wrong column. Nothing was changed.",
  );
}

/** Brings accounts and people together by primary address and alias, without case. */
export function match({ users, people, refused, domains }: MatchInput): Match {
  const peopleByAddress = indexBy(people, ({ emails }) => emails);
  const addressLists = new Map(users.map((user) => [user, addressesOf(user)] as const));
  const usersByAddress = indexBy(users, (user) => addressLists.get(user) ?? []);
  const own = ownDomains(users, domains);
  const problems: string[] = [];
  const found = new Set<Person>();

  const owned = users.map((user): Matched => {
    const owners = findOwners(user, addressLists.get(user) ?? [], peopleByAddress, own);
    for (const owner of owners.people) found.add(owner);
    if (owners.people.length > 1) problems.push(describeRivals(user, owners.people, owners.twoPeople !== undefined));
    const [person] = owners.people;
    const other = findOther(user, addressLists.get(user) ?? [], usersByAddress);
    return {
      user,
      ...(person && { person }),
      ...(other && { sharedAddress: other }),
      ...(owners.twoPeople !== undefined && { twoPeople: owners.twoPeople }),
      ...(owners.personalAddress !== undefined && { personalAddress: owners.personalAddress }),
    };
  });
  const withoutAccount = people.filter((person) => !found.has(person));
  const unknown = new Set(owned.flatMap(({ user, person }) => (person ? [] : [user])));
  const { claims, unclaimed } = claimRefused(refused, usersByAddress, unknown);
  const similar = findSimilar([...peopleByAddress.keys()], usersByAddress, unknown, own);
  if (claims.size === 0 && similar.size === 0) return { matched: owned, problems, withoutAccount, unclaimed };
  const matched = owned.map((each): Matched => {
    const [refusedRow, similarAddress] = [claims.get(each.user), similar.get(each.user)];
    return { ...each, ...(refusedRow && { refusedRow }), ...(similarAddress !== undefined && { similarAddress }) };
  });
  return { matched, problems, withoutAccount, unclaimed };
}

/** The organisation's domains: those it is told, and those of the primary addresses of two accounts at least. One may be a guest. */
function ownDomains(users: readonly User[], domains: readonly string[]): ReadonlySet<string> {
  const primary = Map.groupBy(users, ({ email }) => domainOf(foldAddress(email)));
  return new Set([...domains.map(foldDomain), ...[...primary].flatMap(([domain, members]) => (members.length > 1 ? [domain] : []))]);
}

/** The people HR knows by addresses of one account, the safest first. */
function findOwners(
  user: User,
  addresses: readonly string[],
  peopleByAddress: ReadonlyMap<string, readonly Person[]>,
  own: ReadonlySet<string>,
) {
  const people: Person[] = [];
  const strangers: [address: string, person: Person][] = [];
  let twoPeople: string | undefined;
  for (const address of addresses) {
    const owners = peopleByAddress.get(address);
    if (!owners) continue;
    if (owners.length > 1) twoPeople ??= address;
    for (const owner of owners) {
      if (!own.has(domainOf(address)) && address !== foldAddress(user.email)) strangers.push([address, owner]);
      else if (!people.includes(owner)) people.push(owner);
    }
  }
  if (people.length > 1) people.sort((a, b) => bySafety(a, b) || ((a.emails[0] ?? "") < (b.emails[0] ?? "") ? -1 : 1));
  const personalAddress = strangers.find(([, person]) => !people.includes(person))?.[0];
  return { people, twoPeople, personalAddress };
}

function describeRivals({ email }: User, rivals: readonly Person[], held: boolean): string {
  const told = rivals.map(({ emails, evidence }) => `${listSome(emails)}: ${evidence}`);
  return `${email} belongs to ${rivals.length} people in HR (${listSome(told)}): ${held ? "held, because one address is given to both" : `taken as ${rivals[0]?.evidence}, the safest of them`}.`;
}

/**
 * A cell such as `VP, Investor Relationsjane@acme.test` is no address, and still names its owner: every account one of
 * whose addresses stands in it may be meant. The row remains anybody's unless it ends with the one address of an end
 * user HR does not know otherwise.
 */
function claimRefused(refused: readonly RefusedRow[], usersByAddress: ReadonlyMap<string, readonly User[]>, unknown: ReadonlySet<User>) {
  const claims = new Map<User, RefusedRow>();
  const unclaimed: RefusedRow[] = [];
  const domains = refused.length === 0 ? new Set<string>() : new Set([...usersByAddress.keys()].map(domainOf));
  for (const row of refused) {
    const meant = addressesIn(row.cell, domains).flatMap((address) =>
      (usersByAddress.get(address) ?? []).map((user) => ({ user, address })),
    );
    for (const { user } of meant) if (!claims.has(user)) claims.set(user, row);
    const named = meant.some(({ user, address }) => unknown.has(user) && user.type === "end_user" && row.cell.endsWith(address));
    if (!named || row.cell.split("@").length !== 2) unclaimed.push(row);
  }
  return { claims, unclaimed };
}

/** Longer cells are no addresses with something before them. */
const longestCell = 1_000;

/** Also with its blanks and invisible characters taken out: `mary ann@acme.test` may be two words or one. */
function addressesIn(cell: string, domains: ReadonlySet<string>): string[] {
  if (cell.length > longestCell) return [];
  const compact = cell.replace(/[\s\p{Cc}\p{Cf}]+/gu, "");
  return [...new Set([...addressesWithin(cell, domains), ...addressesWithin(compact, domains)])];
}

/** HR's `cfojane@acme.test`, `jane+hr@acme.test`, `jаne@acme.test` with a Cyrillic letter or `jane@acme.tset`, which no account has, may be `jane@acme.test`, whom HR does not know. */
function findSimilar(
  known: readonly string[],
  usersByAddress: ReadonlyMap<string, readonly User[]>,
  unknown: ReadonlySet<User>,
  own: ReadonlySet<string>,
): Map<User, string> {
  const similar = new Map<User, string>();
  if (unknown.size === 0) return similar;
  const byLocalPart = indexBy([...unknown], (user) => addressesOf(user).map(localPartOf));
  for (const address of known) {
    if (usersByAddress.has(address)) continue;
    const shorter = [...shorterAddresses(address)].flatMap((each) => usersByAddress.get(each) ?? []);
    const likeness = lookalikesOf(address);
    const alike = likeness ? [...unknown].filter((user) => addressesOf(user).some((each) => likeness.test(each))) : [];
    const elsewhere = own.has(domainOf(address)) ? [] : (byLocalPart.get(localPartOf(address)) ?? []);
    for (const user of [...shorter, ...alike, ...elsewhere]) {
      const before = similar.get(user);
      // The choice must not depend on the feed's order.
      if (unknown.has(user) && (before === undefined || address < before)) similar.set(user, address);
    }
  }
  return similar;
}

function findOther(
  user: User,
  addresses: readonly string[],
  usersByAddress: ReadonlyMap<string, readonly User[]>,
): Matched["sharedAddress"] {
  for (const address of addresses) {
    const holders = usersByAddress.get(address) ?? [];
    if (holders.length < 2) continue;
    const [other] = holders
      .filter((each) => each !== user)
      .map(({ email }) => email)
      .sort();
    if (other !== undefined) return { address, other };
  }
  return undefined;
}

function indexBy<T>(items: readonly T[], keysOf: (item: T) => Iterable<string>): Map<string, T[]> {
  const index = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const others = index.get(key);
      if (others) others.push(item);
      else index.set(key, [item]);
    }
  }
  return index;
}
