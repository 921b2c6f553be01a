import { foldAddress } from "../../provider/essentials/address.ts";
import { quote } from "./quote.ts";
import { FeedError, type HrRow } from "./row.ts";
import { readStatus, saferEvidence, type Evidence } from "./status.ts";

/** What HR says of the owner of one address: the safest of all rows that name it. */
export interface Person {
  /** Folded. */
  readonly email: string;
  readonly evidence: Evidence;
  /** The deciding status word, as HR wrote it. */
  readonly status: string;
}

export interface People {
  readonly people: readonly Person[];
  /** What somebody should look at: sentences, in the order of the feed. */
  readonly problems: readonly string[];
  /** Rows without an address: people without a mailbox. */
  readonly withoutAddress: number;
}

/**
 * Turns rows into people, folding each address once.
 * @throws FeedError for a cell that holds something like an address and is none: its owner may be anybody
 */
export function toPeople(rows: readonly HrRow[]): People {
  const byEmail = new Map<string, HrRow[]>();
  let withoutAddress = 0;
  for (const row of rows) {
    const email = readAddress(row);
    if (email === undefined) {
      withoutAddress++;
      continue;
    }
    const others = byEmail.get(email);
    if (others) others.push(row);
    else byEmail.set(email, [row]);
  }
  if (byEmail.size === 0) {
    throw new FeedError(
      `None of the ${rows.length} rows of the HR feed has an address, so everybody would be taken for a leaver. Check proofpoint:hr.columns.email. Nothing was changed.`,
    );
  }
  const problems: string[] = [];
  const people = [...byEmail].map(([email, same]) => {
    const person = combine(email, same);
    if (same.length > 1) {
      const told = same.map((row) => `${quote(row.status)} in line ${row.line}`).join(", ");
      problems.push(`HR lists ${email} ${same.length} times (${told}): taken as ${person.evidence}, the safest of them.`);
    }
    return person;
  });
  return { people, problems, withoutAddress };
}

/** What HR systems write into the address of somebody without a mailbox. */
const noAddress = new Set(["", "-", "n/a", "na", "none", "null"]);

/**
 * A local part, and a domain of at least two labels. Strict, because whatever is let through and is not the owner's
 * address makes the owner a leaver: no invisible characters, no quotes around it, no dot at its end.
 */
const local = '[^\\s@<>,;:"()\\[\\]\\\\\\p{Cc}\\p{Cf}]+';
const label = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}-]*[\\p{L}\\p{N}\\p{M}])?";
const addressForm = new RegExp(`^(?!')${local}@${label}(?:\\.${label})+$`, "u");

function readAddress({ email, line }: HrRow): string | undefined {
  const folded = foldAddress(email);
  if (noAddress.has(folded)) return undefined;
  if (!addressForm.test(folded)) {
    throw new FeedError(
      `The HR feed's line ${line} has ${quote(email)} as its address, which is none. ` +
        "Columns may have slipped, and its owner would be taken for a leaver. Correct the line or export again. Nothing was changed.",
    );
  }
  return folded;
}

function combine(email: string, rows: readonly HrRow[]): Person {
  const evidence = rows.map((row) => readStatus(row.status)).reduce(saferEvidence);
  // Among rows that say the same, the choice must not depend on their order.
  const [status = ""] = rows
    .map((row) => row.status)
    .filter((word) => readStatus(word) === evidence)
    .sort();
  return { email, evidence, status };
}
