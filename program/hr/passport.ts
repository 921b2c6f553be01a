import type { People } from "./person.ts";
import type { Feed } from "./row.ts";
import { evidences, type Evidence } from "./evidence.ts";

/** What the feed looked like, for people and for comparing it with the next one (stack output `feed`). */
export interface FeedPassport {
  readonly rows: number;
  readonly persons: number;
  readonly rowsWithoutAddress: number;
  /** Rows whose address could not be read. */
  readonly rowsRefused: number;
  /** People HR knows whose address no account has. */
  readonly personsWithoutAccount: number;
  /** People by what HR's answer means today. */
  readonly statuses: Readonly<Record<Evidence, number>>;
  /** Rows by HR's own word. */
  readonly words: Readonly<Record<string, number>>;
  readonly columns: readonly string[];
  /** ISO 8601; empty where the source cannot tell. */
  readonly modified: string;
  /** SHA-256 of the content. */
  readonly hash: string;
}

export function describeFeed(
  feed: Feed,
  { people, refused, withoutAddress }: People,
  { withoutAccount }: { readonly withoutAccount: readonly unknown[] },
): FeedPassport {
  return {
    rows: feed.rows.length,
    persons: people.length,
    rowsWithoutAddress: withoutAddress,
    rowsRefused: refused.length,
    personsWithoutAccount: withoutAccount.length,
    statuses: countBy(
      people.map(({ evidence }) => evidence),
      evidences,
    ),
    words: countWords(feed),
    columns: feed.columns,
    modified: feed.modified ?? "",
    hash: feed.hash,
  };
}

function countBy<T extends string>(values: readonly T[], all: readonly T[]): Record<T, number> {
  const counts = Object.fromEntries(all.map((value) => [value, 0])) as Record<T, number>;
  for (const value of values) counts[value]++;
  return counts;
}

/** A status column has a few words. One with more, or with addresses, is none, and nothing of it is kept: it may be about people. */
const mostWords = 40;

function countWords({ rows }: Feed): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { status, statusLabel } of rows) {
    const word = status || statusLabel;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (counts.size > mostWords || [...counts.keys()].some((word) => word.includes("@"))) return {};
  return Object.fromEntries([...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)));
}
