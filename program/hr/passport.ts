import type { Person } from "./person.ts";
import type { Feed } from "./row.ts";
import { evidences, type Evidence } from "./status.ts";

/** What the feed looked like, for people and for comparing it with the next one (stack output `feed`). */
export interface FeedPassport {
  readonly rows: number;
  readonly persons: number;
  readonly rowsWithoutAddress: number;
  /** People HR knows whose address no account has. */
  readonly personsWithoutAccount: number;
  readonly statuses: Readonly<Record<Evidence, number>>;
  readonly columns: readonly string[];
  /** ISO 8601; empty where the source cannot tell. */
  readonly modified: string;
  /** SHA-256 of the content. */
  readonly hash: string;
}

export function describeFeed(
  feed: Feed,
  people: readonly Person[],
  counts: { withoutAddress: number; peopleWithoutAccount: number },
): FeedPassport {
  const statuses = Object.fromEntries(
    evidences.map((evidence) => [evidence, people.filter((person) => person.evidence === evidence).length]),
  );
  return {
    rows: feed.rows.length,
    persons: people.length,
    rowsWithoutAddress: counts.withoutAddress,
    personsWithoutAccount: counts.peopleWithoutAccount,
    statuses: statuses as Record<Evidence, number>,
    columns: feed.columns,
    modified: feed.modified ?? "",
    hash: feed.hash,
  };
}
