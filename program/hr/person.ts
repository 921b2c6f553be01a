import { foldAddress } from "../../provider/essentials/address.ts";
import { bySafety, readEvidence, type Reader, type Reading } from "./evidence.ts";
import { groupRows, type Group } from "./group.ts";
import { listSome } from "../lists/listSome.ts";
import { quote } from "./quote.ts";
import { refuseDates } from "./refuseDates.ts";
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
  /** Where several rows say on leave: every kind of it. */
  readonly leaveKinds?: readonly string[];
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

/**
 * Turns rows into people: by their key where there is one, else by address, each folded once.
 * @throws FeedError for a feed that speaks of nobody, or whose dates can be read in two ways
 */
export function toPeople(feed: Feed, reader: Reader): People {
  refuseDates(feed, reader.dateOrder);
  const where = (row: HrRow) => `${feed.unit} ${row.at}`;
  const last = feed.openEnd ? feed.rows.at(-1) : undefined;
  const addresses = new Map(feed.rows.map((row) => [row, row === last ? null : addressOf(row, feed)] as const));
  const problems: string[] = [];
  const refused: RefusedRow[] = [];
  let withoutAddress = 0;

  const people: Person[] = [];
  for (const group of groupRows(feed, addresses, reader)) {
    const unreadable = group.rows.filter((row) => addresses.get(row) === null);
    if (group.emails.size > 0) people.push(combine(group, reader, where, problems));
    else withoutAddress += group.rows.length - unreadable.length;
    const taken = group.emails.size > 0 ? `; by its key it counts for ${listSome([...group.emails])} too` : "";
    for (const row of unreadable) {
      refused.push({ where: where(row), cell: foldAddress(row.email) });
      problems.push(`The HR feed's ${where(row)} was refused: ${describeRefusal(row, row === last)}${taken}.`);
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

const beyondAscii = /[^\p{ASCII}]/u;

function addressOf({ email }: HrRow, { guessed }: Feed): string | undefined | null {
  return guessed && beyondAscii.test(email) ? null : readAddress(email);
}

function describeRefusal({ email }: HrRow, isLast: boolean): string {
  if (isLast) return `the file ends in the row of ${quote(email)}, without a line end, so it may be cut short`;
  if (readAddress(email))
    return `${quote(email)} has letters that depend on the file's encoding, which was guessed (proofpoint:hr.encoding)`;
  return `${quote(email)} is no e-mail address, columns may have slipped`;
}

function combine(group: Group, reader: Reader, where: (row: HrRow) => string, problems: string[]): Person {
  const [only] = group.rows;
  if (only && group.rows.length === 1) return { ...readEvidence(only, reader), emails: [...group.emails], codes: [only] };

  const readings = group.rows.map((row) => ({ row, reading: readEvidence(row, reader) }));
  const order = readings.toSorted((a, b) => bySafety(a.reading, b.reading) || (a.row.email < b.row.email ? -1 : 1));
  const deciding = order[0]?.reading ?? { evidence: "unknown", status: "" };
  const same = order.filter(({ reading }) => reading.evidence === deciding.evidence);
  const emails = [...new Set(order.flatMap(({ row }) => readAddress(row.email) ?? []))].filter((email) => group.emails.has(email));
  const kinds = [...new Set(same.flatMap(({ reading }) => reading.leaveKind ?? []))];
  if (same.length < order.length || kinds.length > 1) {
    const told = readings.map(({ row, reading }) => `${quote(reading.leaveKind ?? reading.status)} in ${where(row)}`);
    problems.push(
      `HR lists ${listSome(emails)} ${order.length} times (${listSome(told)}): taken as ${deciding.evidence}, the safest of them.`,
    );
  }
  return { ...deciding, emails, codes: same.map(({ row }) => row), ...(kinds.length > 1 && { leaveKinds: kinds }) };
}
