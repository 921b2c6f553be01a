import { addressesOf, type User } from "../../provider/essentials/schema.ts";
import { evidences } from "../hr/status.ts";
import { FeedError } from "../hr/row.ts";
import type { Person } from "../hr/person.ts";

/** One live user and what HR says of its owner. */
export interface Matched {
  readonly user: User;
  /** The person HR knows by one of the account's addresses; the safest where there are several. */
  readonly person: Person | undefined;
  /** An address of the account that another account has too, so that nobody can say whose it is. */
  readonly sharedAddress: { readonly address: string; readonly other: string } | undefined;
}

export interface Match {
  readonly matched: readonly Matched[];
  readonly problems: readonly string[];
  /** How many people HR knows whose address no account has. */
  readonly peopleWithoutAccount: number;
}

/**
 * @throws FeedError when HR knows nobody who has an account here: every account would be taken for a leaver's
 */
export function refuseStrangers({ peopleWithoutAccount }: Match, people: readonly Person[]): void {
  if (peopleWithoutAccount < people.length) return;
  throw new FeedError(
    `None of the ${people.length} people in the HR feed has an account in the organisation, so every account would be taken for a leaver's. ` +
      "It is another organisation's feed, or proofpoint:hr.columns.email names the wrong column. Nothing was changed.",
  );
}

/** Brings accounts and people together by primary address and alias, without case. */
export function match(users: readonly User[], people: readonly Person[]): Match {
  const personByAddress = new Map(people.map((person) => [person.email, person]));
  const addressLists = users.map(addressesOf);
  const owners = countOwners(users, addressLists);
  const problems: string[] = [];
  const found = new Set<Person>();

  const matched = users.map((user, index): Matched => {
    const addresses = addressLists[index] ?? [];
    const candidates = addresses.flatMap((address) => personByAddress.get(address) ?? []);
    for (const candidate of candidates) found.add(candidate);
    const [person, ...others] = candidates.toSorted(bySafety);
    if (person && others.length > 0) {
      problems.push(
        `${user.email} belongs to ${candidates.length} people in HR (${candidates
          .map(({ email, evidence }) => `${email}: ${evidence}`)
          .toSorted()
          .join(", ")}): taken as ${person.evidence}, the safest of them.`,
      );
    }
    return { user, person, sharedAddress: findShared(user, addresses, owners) };
  });
  return { matched, problems, peopleWithoutAccount: people.length - found.size };
}

function findShared(user: User, addresses: readonly string[], owners: ReadonlyMap<string, readonly User[]>): Matched["sharedAddress"] {
  for (const address of addresses) {
    const [other] = (owners.get(address) ?? [])
      .filter((each) => each !== user)
      .map(({ email }) => email)
      .sort();
    if (other !== undefined) return { address, other };
  }
  return undefined;
}

function countOwners(users: readonly User[], addressLists: readonly (readonly string[])[]): Map<string, User[]> {
  const owners = new Map<string, User[]>();
  users.forEach((user, index) => {
    for (const address of addressLists[index] ?? []) {
      const others = owners.get(address);
      if (others) others.push(user);
      else owners.set(address, [user]);
    }
  });
  return owners;
}

function bySafety(a: Person, b: Person): number {
  return evidences.indexOf(a.evidence) - evidences.indexOf(b.evidence) || (a.email < b.email ? -1 : 1);
}
