import { foldAddress } from "../../provider/essentials/address.ts";
import { addressesOf, type User } from "../../provider/essentials/schema.ts";
import { bySafety } from "../hr/evidence.ts";
import type { Person, RefusedRow } from "../hr/person.ts";
import { FeedError } from "../hr/row.ts";

/** One live user and what HR says of its owner. */
export interface Matched {
  readonly user: User;
  /** The person HR knows by one of the account's addresses; the safest where there are several. */
  readonly person?: Person;
  /** An address of the account that another account has too, so that nobody can say whose it is. */
  readonly sharedAddress?: { readonly address: string; readonly other: string };
  /** An address of the account that HR gives to two different people. */
  readonly twoPeople?: string;
  /** Where HR knows the account only by an address outside the organisation's domains: that address. */
  readonly personalAddress?: string;
  /** A refused row in whose address cell an address of the account stands. */
  readonly refusedRow?: RefusedRow;
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
  const own = new Set([...domains.map(foldDomain), ...users.map(({ email }) => domainOf(foldAddress(email)))]);
  const { claims, named } = claimRefused(refused, usersByAddress);
  const problems: string[] = [];
  const found = new Set<Person>();

  const matched = users.map((user): Matched => {
    const addresses = addressLists.get(user) ?? [];
    const candidates: Person[] = [];
    let personalAddress: string | undefined;
    let twoPeople: string | undefined;
    for (const address of addresses) {
      const owners = peopleByAddress.get(address);
      if (!owners) continue;
      if (owners.length > 1) twoPeople ??= address;
      if (!own.has(domainOf(address))) personalAddress ??= address;
      else candidates.push(...owners.filter((owner) => !candidates.includes(owner)));
    }
    for (const candidate of candidates) found.add(candidate);
    if (candidates.length > 1) problems.push(describeRivals(user, candidates.sort(inOrder)));
    const [person] = candidates;
    const other = findOther(user, addresses, usersByAddress);
    const refusedRow = claims.get(user);
    return {
      user,
      ...(person && { person }),
      ...(other && { sharedAddress: other }),
      ...(twoPeople !== undefined && { twoPeople }),
      ...(!person && personalAddress !== undefined && { personalAddress }),
      ...(refusedRow && { refusedRow }),
    };
  });
  return {
    matched,
    problems,
    withoutAccount: people.filter((person) => !found.has(person)),
    unclaimed: refused.filter((row) => !named.has(row)),
  };
}

function describeRivals({ email }: User, rivals: readonly Person[]): string {
  const told = rivals.map(({ emails, evidence }) => `${emails.join(", ")}: ${evidence}`).join("; ");
  return `${email} belongs to ${rivals.length} people in HR (${told}): taken as ${rivals[0]?.evidence}, the safest of them.`;
}

/**
 * A cell such as `VP, Investor Relationsjane@acme.test` is no address, and still names its owner: every account one of
 * whose addresses stands in it may be meant.
 */
function claimRefused(refused: readonly RefusedRow[], usersByAddress: ReadonlyMap<string, readonly User[]>) {
  const claims = new Map<User, RefusedRow>();
  const named = new Set<RefusedRow>();
  if (refused.length === 0) return { claims, named };
  const domains = new Set([...usersByAddress.keys()].map(domainOf));
  for (const row of refused) {
    for (const address of addressesWithin(row.cell, domains)) {
      for (const user of usersByAddress.get(address) ?? []) {
        if (!claims.has(user)) claims.set(user, row);
        named.add(row);
      }
    }
  }
  return { claims, named };
}

/** Everything in a text that could be an address of one of these domains. */
function* addressesWithin(text: string, domains: ReadonlySet<string>): Generator<string> {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const rest = text.slice(at + 1);
    for (const domain of domains) {
      if (!rest.startsWith(domain)) continue;
      for (let from = at - 1; from >= Math.max(0, at - longestLocalPart); from--) yield `${text.slice(from, at)}@${domain}`;
    }
  }
}

/** RFC 5321. */
const longestLocalPart = 64;

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

function inOrder(a: Person, b: Person): number {
  return bySafety(a, b) || ((a.emails[0] ?? "") < (b.emails[0] ?? "") ? -1 : 1);
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** A domain in the form addresses have theirs. */
export function foldDomain(domain: string): string {
  return domainOf(foldAddress(`@${domain}`));
}
