import { foldAddress } from "../../provider/essentials/address.ts";
import { needsOrder } from "./date.ts";
import { bySafety, readEvidence, type Reader, type Reading } from "./evidence.ts";
import { quote } from "./quote.ts";
import { FeedError, type Feed, type HrRow } from "./row.ts";
import { readAddress } from "./workAddress.ts";

/** Where somebody works, as the codes of one row. */
export type Codes = Readonly<Pick<HrRow, "companyCode" | "workerCategoryCode" | "locationCode">>;

/** One human being, as HR knows them on one day: the safest of all rows about them. */
export interface Person extends Reading {
  /** Folded, each once, the one of the deciding row first. */
  readonly emails: readonly string[];
  /** The codes of the rows that say what decides. */
  readonly codes: readonly Codes[];
}

/** A row whose address cannot be read, so that nobody can say whom it is about. */
export interface RefusedRow {
  /** `line 7` */
  readonly where: string;
  /** What stands where the address should be, folded. */
  readonly cell: string;
}

export interface People {
  readonly people: readonly Person[];
  /** What somebody should look at: sentences, in the order of the feed. */
  readonly problems: readonly string[];
  readonly refused: readonly RefusedRow[];
  /** Rows without an address and without another row that has one: people without a mailbox. */
  readonly withoutAddress: number;
}

interface Group {
  readonly rows: HrRow[];
  readonly emails: Set<string>;
}

/**
 * Turns rows into people: by their key where there is one, else by address, each folded once.
 * @throws FeedError for a feed that speaks of nobody, or whose dates can be read in two ways
 */
export function toPeople(feed: Feed, reader: Reader): People {
  if (reader.dateOrder === undefined) refuseOpenDates(feed);
  const where = (row: HrRow) => `${feed.unit} ${row.at}`;
  const addresses = new Map(feed.rows.map((row) => [row, readAddress(row.email)] as const));
  const groups = groupRows(feed, addresses);
  const problems: string[] = [];
  const refused: RefusedRow[] = [];
  let withoutAddress = 0;

  const people: Person[] = [];
  for (const group of groups) {
    const unreadable = group.rows.filter((row) => addresses.get(row) === null);
    if (group.emails.size > 0) people.push(combine(group, reader, where, problems));
    else withoutAddress += group.rows.length - unreadable.length;
    const taken = group.emails.size > 0 ? `; by its key it counts for ${[...group.emails].join(", ")} too` : "";
    for (const row of unreadable) {
      refused.push({ where: where(row), cell: foldAddress(row.email) });
      problems.push(`The HR feed's ${where(row)} was refused: ${quote(row.email)} is no e-mail address, columns may have slipped${taken}.`);
    }
  }
  if (people.length === 0) {
    throw new FeedError(
      `None of the ${feed.rows.length} ${feed.unit}s of ${feed.name} has an address that can be read, so everybody would be taken for a leaver. ` +
        "Check proofpoint:hr.columns.email. Nothing was changed.",
    );
  }
  return { people, problems, refused, withoutAddress };
}

/** Rows of one key are one group; rows without a key join every group that has their address. */
function groupRows({ rows, name, unit }: Feed, addresses: ReadonlyMap<HrRow, string | undefined | null>): readonly Group[] {
  const byKey = new Map<string, Group>();
  const byEmail = new Map<string, Set<Group>>();
  const withoutKey: Group[] = [];
  const add = (group: Group, row: HrRow) => {
    group.rows.push(row);
    const email = addresses.get(row);
    if (typeof email !== "string") return;
    group.emails.add(email);
    const others = byEmail.get(email);
    if (others) others.add(group);
    else byEmail.set(email, new Set([group]));
  };
  const keyed = rows.filter((row) => keyOf(row) !== undefined);
  for (const row of keyed) {
    const key = keyOf(row) ?? "";
    const group = byKey.get(key) ?? { rows: [], emails: new Set() };
    byKey.set(key, group);
    add(group, row);
    if (group.emails.size > mostAddresses) {
      throw new FeedError(
        `One key stands for more than ${mostAddresses} addresses in ${name} (up to ${unit} ${row.at}), so it is no person's. ` +
          "Check proofpoint:hr.columns.personKey. Nothing was changed.",
      );
    }
  }
  for (const row of rows) {
    if (keyOf(row) !== undefined) continue;
    const email = addresses.get(row);
    const known = typeof email === "string" ? byEmail.get(email) : undefined;
    if (known) {
      for (const group of known) add(group, row);
    } else {
      const group: Group = { rows: [], emails: new Set() };
      withoutKey.push(group);
      add(group, row);
    }
  }
  return [...byKey.values(), ...withoutKey];
}

/** Nobody has more; a column that is no key would make one person of everybody. */
const mostAddresses = 20;
const noKey = new Set(["", "-", "0", "n/a", "na", "none", "null"]);

function keyOf({ personKey }: HrRow): string | undefined {
  if (personKey === "") return undefined;
  const key = personKey.trim().toLowerCase();
  return noKey.has(key) ? undefined : key;
}

function combine(group: Group, reader: Reader, where: (row: HrRow) => string, problems: string[]): Person {
  const [only] = group.rows;
  if (only && group.rows.length === 1) return { ...readEvidence(only, reader), emails: [...group.emails], codes: [only] };

  const readings = group.rows.map((row) => ({ row, reading: readEvidence(row, reader) }));
  const order = readings.toSorted((a, b) => bySafety(a.reading, b.reading) || (a.row.email < b.row.email ? -1 : 1));
  const deciding = order[0]?.reading ?? { evidence: "unknown", status: "" };
  const same = order.filter(({ reading }) => reading.evidence === deciding.evidence);
  const emails = [...new Set(order.flatMap(({ row }) => readAddress(row.email) ?? []))];
  if (same.length < order.length) {
    const told = readings.map(({ row, reading }) => `${quote(reading.status)} in ${where(row)}`).join(", ");
    problems.push(`HR lists ${emails.join(", ")} ${order.length} times (${told}): taken as ${deciding.evidence}, the safest of them.`);
  }
  return { ...deciding, emails, codes: same.map(({ row }) => row) };
}

/** `10/11/2026` is a day in October or in November; nobody but the administrator knows. */
function refuseOpenDates(feed: Feed): void {
  const dateFields = ["statusEffective", "hireDate", "rehireDate", "terminationDate", "lastDay", "leaveStart", "leaveReturn"] as const;
  for (const field of dateFields.filter((each) => feed.fields.includes(each))) {
    const open = feed.rows.find((row) => needsOrder(row[field]));
    if (open) {
      throw new FeedError(
        `The date ${quote(open[field])} in ${feed.unit} ${open.at} of ${feed.name} can be read in two ways. ` +
          "Say which part comes first with `pulumi config set --path proofpoint:hr.dateOrder mdy` (or dmy). Nothing was changed.",
      );
    }
  }
}
