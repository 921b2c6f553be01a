import { bySafety, readEvidence, type Reader } from "./evidence.ts";
import { FeedError, type Feed, type HrRow } from "./row.ts";

/** Rows about one human being. */
export interface Group {
  readonly rows: HrRow[];
  readonly emails: Set<string>;
}

/** The address of each row: undefined where there is none, null where it cannot be read. */
export type Addresses = ReadonlyMap<HrRow, string | undefined | null>;

/** Nobody has more; a column that is no key would make one person of everybody. */
const mostAddresses = 20;
/** Above so many, rows without a key are stood for by the safest of them. */
const mostJoined = 400;
const noKey = new Set(["", "-", "0", "n/a", "na", "none", "null"]);

/**
 * Rows of one key are one group; rows without a key join every group that has their address.
 * @throws FeedError for a key that stands for everybody
 */
export function groupRows(feed: Feed, addresses: Addresses, reader: Reader): readonly Group[] {
  const byKey = new Map<string, Group>();
  const byEmail = new Map<string, Set<Group>>();
  const withoutKey = new Map<string | HrRow, HrRow[]>();
  for (const row of feed.rows) {
    const key = keyOf(row);
    const email = addresses.get(row);
    if (key === undefined) {
      const same = withoutKey.get(email ?? row);
      if (same) same.push(row);
      else withoutKey.set(email ?? row, [row]);
      continue;
    }
    const group = byKey.get(key) ?? { rows: [], emails: new Set() };
    byKey.set(key, group);
    group.rows.push(row);
    if (typeof email !== "string") continue;
    group.emails.add(email);
    if (group.emails.size > mostAddresses) refuseKey(feed, row);
    const others = byEmail.get(email);
    if (others) others.add(group);
    else byEmail.set(email, new Set([group]));
  }
  const others: Group[] = [];
  for (const [email, rows] of withoutKey) {
    const known = typeof email === "string" ? byEmail.get(email) : undefined;
    if (!known) {
      others.push({ rows, emails: new Set(typeof email === "string" ? [email] : []) });
      continue;
    }
    const joined = known.size * rows.length > mostJoined ? [safestOf(rows, reader)] : rows;
    for (const group of known) group.rows.push(...joined);
  }
  return [...byKey.values(), ...others];
}

function keyOf({ personKey }: HrRow): string | undefined {
  if (personKey === "") return undefined;
  const key = personKey.trim().toLowerCase();
  return noKey.has(key) ? undefined : key;
}

function safestOf(rows: readonly HrRow[], reader: Reader): HrRow {
  const read = rows.map((row) => ({ row, reading: readEvidence(row, reader), text: JSON.stringify({ ...row, at: 0 }) }));
  const [first] = read.sort((a, b) => bySafety(a.reading, b.reading) || (a.text < b.text ? -1 : 1));
  if (!first) throw new Error("There is no safest of no rows.");
  return first.row;
}

function refuseKey({ name, unit }: Feed, { at }: HrRow): never {
  throw new FeedError(
    `One key stands for more than ${mostAddresses} addresses in ${name} (up to ${unit} ${at}), so it is no person's. ` +
      "Check proofpoint:hr.columns.personKey. Nothing was changed.",
  );
}
