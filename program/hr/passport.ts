import type { Match } from "../policy/match.ts";
import type { People } from "./person.ts";
import type { RowField } from "./columns.ts";
import type { Feed } from "./row.ts";
import { evidences, type Evidence, type Reader } from "./evidence.ts";

/** What the feed looked like, for people and for comparing it with the next one (stack output `feed`). */
export interface FeedPassport {
  readonly rows: number;
  readonly persons: number;
  readonly rowsWithoutAddress: number;
  /** Rows whose address could not be read. */
  readonly rowsRefused: number;
  /** People HR knows whose address no account has. */
  readonly personsWithoutAccount: number;
  /** Accounts that are end users, and those of them HR knows. */
  readonly endUsers: number;
  readonly endUsersKnown: number;
  /** People by what HR's answer means today. */
  readonly statuses: Readonly<Record<Evidence, number>>;
  /** Rows by HR's own word. */
  readonly words: Readonly<Record<string, number>>;
  readonly columns: readonly string[];
  /** Rows in which a field has a value, for fields where that tells something. */
  readonly filled: Readonly<Partial<Record<RowField, number>>>;
  /** The newest date anybody's answer holds from, up to today; empty where there is none. */
  readonly newestEffective: string;
  /** ISO 8601; empty where the source cannot tell. */
  readonly modified: string;
  /** SHA-256 of the content. */
  readonly hash: string;
}

/** What words nobody knows are counted under: they may be about people. */
export const otherWords = "(other words)";

/** @param reader dates after its today are no news yet */
export function describeFeed(
  feed: Feed,
  { people, refused, withoutAddress }: People,
  { matched, withoutAccount }: Pick<Match, "matched" | "withoutAccount">,
  reader: Pick<Reader, "readStatus" | "today">,
): FeedPassport {
  const endUsers = matched.filter(({ user }) => user.type === "end_user");
  return {
    rows: feed.rows.length,
    persons: people.length,
    rowsWithoutAddress: withoutAddress,
    rowsRefused: refused.length,
    personsWithoutAccount: withoutAccount.length,
    endUsers: endUsers.length,
    endUsersKnown: endUsers.filter(({ person }) => person).length,
    statuses: countBy(
      people.map(({ evidence }) => evidence),
      evidences,
    ),
    words: countWords(feed, reader),
    columns: feed.columns,
    filled: countFilled(feed),
    newestEffective: people.reduce(
      (newest, { effective = "" }) => (effective > newest && effective <= reader.today ? effective : newest),
      "",
    ),
    modified: feed.modified ?? "",
    hash: feed.hash,
  };
}

/** Fields that decide, or are the only word of a date to come. */
const telling = [
  "personKey",
  "statusEffective",
  "hireDate",
  "rehireDate",
  "terminationDate",
  "lastDay",
  "leaveStart",
  "leaveReturn",
] as const;

function countFilled({ rows, fields }: Feed): FeedPassport["filled"] {
  const known = telling.filter((field) => fields.includes(field));
  const counts = known.map((field) => [field, rows.filter((row) => row[field] !== "").length] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function countBy<T extends string>(values: readonly T[], all: readonly T[]): Record<T, number> {
  const counts = Object.fromEntries(all.map((value) => [value, 0])) as Record<T, number>;
  for (const value of values) counts[value]++;
  return counts;
}

/** A word on fewer rows may be a name that slipped into the column, unless it is one that statuses are known by. */
const fewRows = 3;

function countWords({ rows }: Feed, { readStatus }: Pick<Reader, "readStatus">): Record<string, number> {
  const counts = new Map<string, number>();
  let others = 0;
  for (const { status, statusLabel } of rows) {
    const word = status || statusLabel;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const kept = [...counts].filter(([word, count]) => {
    const keep = readStatus(word) !== "unknown" || (count >= fewRows && !word.includes("@"));
    if (!keep) others += count;
    return keep;
  });
  if (others > 0) kept.push([otherWords, others]);
  return Object.fromEntries(kept.sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)));
}
