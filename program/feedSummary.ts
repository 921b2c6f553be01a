import { onOneLine } from "../provider/essentials/errors.ts";
import type { User } from "../provider/essentials/schema.ts";
import type { Match } from "./policy/match.ts";
import type { FeedPassport } from "./hr/passport.ts";
import type { Reader } from "./hr/evidence.ts";
import type { People } from "./hr/person.ts";
import { quote } from "./hr/quote.ts";
import type { Feed } from "./hr/row.ts";

/** What was read, for somebody who sets up a feed or wonders about one. */
export interface FeedSummaryInput {
  readonly feed: Feed;
  readonly people: People;
  readonly matches: Match;
  readonly reader: Pick<Reader, "readStatus">;
  readonly passport: FeedPassport;
  /** Whether addresses may be shown. Without, it has numbers and places only. */
  readonly emails: boolean;
}

/** Lines of `npm run hr`. Personal data only where it was asked for. */
export function summarise(input: FeedSummaryInput): readonly string[] {
  return lines(input).map(onOneLine);
}

function lines({ feed, people, matches, passport, reader, emails }: FeedSummaryInput): readonly string[] {
  const unmatched = matches.matched
    .filter(({ person, personalAddress }) => !person && personalAddress === undefined)
    .map(({ user }) => user);
  const show = (addresses: readonly string[]) => (emails ? addresses.toSorted().map((address) => `    ${address}`) : []);
  return [
    `${feed.name}${feed.modified === undefined ? "" : `, changed ${feed.modified}`}`,
    ...feed.notes.map((note) => `  ${note}`),
    `  columns used: ${feed.fields.join(", ")}`,
    `  ${passport.rows} ${feed.unit}s, ${passport.persons} people, ${passport.rowsWithoutAddress} ${feed.unit}s without an address`,
    "",
    "Statuses by word",
    ...count(Object.entries(passport.words).map(([word, rows]) => [quote(word), rows])),
    ...(emails ? [...unknownWords(feed, reader)].slice(0, 40).map((word) => `           ${quote(word)} is not known`) : []),
    "",
    "People by meaning",
    ...count(Object.entries(passport.statuses).filter(([, persons]) => persons > 0)),
    "",
    `Refused (${people.refused.length})`,
    ...people.refused.map(({ where, cell }) => `  ${where}: ${emails ? quote(cell) : "its address"} is no e-mail address`),
    "",
    `To look at (${people.problems.length - people.refused.length + matches.problems.length})`,
    ...(emails ? [...people.problems, ...matches.problems].map((line) => `  ${line}`) : []),
    "",
    `People without an account (${matches.withoutAccount.length})`,
    ...show(matches.withoutAccount.flatMap((person) => person.emails[0] ?? [])),
    "",
    `Accounts HR does not know (${unmatched.length}${describeTypes(unmatched)})`,
    ...show(unmatched.map(({ email, type }) => `${email} (${type})`)),
    ...(emails ? [] : ["", "Addresses are left out; --emails shows them."]),
  ];
}

/** What stands in the status column and means nothing to this program. */
function unknownWords({ rows }: Feed, { readStatus }: Pick<Reader, "readStatus">): Set<string> {
  return new Set(rows.map(({ status, statusLabel }) => status || statusLabel).filter((word) => readStatus(word) === "unknown"));
}

function count(entries: readonly (readonly [string, number])[]): string[] {
  return entries.map(([name, number]) => `  ${String(number).padStart(7)}  ${name}`);
}

function describeTypes(users: readonly User[]): string {
  const types = Map.groupBy(users, ({ type }) => type);
  const told = [...types].map(([type, members]) => `${members.length} ${type}`).sort();
  return told.length === 0 ? "" : `: ${told.join(", ")}`;
}
