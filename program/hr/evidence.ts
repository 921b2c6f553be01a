import { later, readDay, type DateOrder, type Day } from "./date.ts";
import { quote } from "./quote.ts";
import type { HrRow } from "./row.ts";
import type { ReadStatus } from "./status.ts";

/** What HR says about a person on one day, from the safest to the most drastic to act on. */
export const evidences = ["active", "rehired", "leave", "pending", "leaving", "unknown", "terminated", "deceased"] as const;
export type Evidence = (typeof evidences)[number];

/** What one row says, with the facts that make the sentence. */
export interface Reading {
  readonly evidence: Evidence;
  /** HR's status as people know it: the label where there is one, else the word. */
  readonly status: string;
  /** From when on it holds: the hire, the start of the leave, the last day. */
  readonly effective?: Day;
  readonly terminated?: Day;
  /** The last day that counts as employment: the later of last day and termination, or status date where there is none. */
  readonly lastDay?: Day;
  /** Why the row cannot be relied upon, as it follows "has": `the termination date "45961", which is no date`. */
  readonly doubt?: string;
  /** For a leave: its kind, as HR writes it. */
  readonly leaveKind?: string;
  /** The row is about somebody's primary position. */
  readonly primary?: true;
}

export interface Reader {
  readonly readStatus: ReadStatus;
  readonly today: Day;
  readonly dateOrder?: DateOrder | undefined;
  /** The stack's, for moments with an offset. @default UTC */
  readonly timeZone?: string | undefined;
}

/** Interprets a row on a day. Codes decide, labels are shown; a date that is still to come is not a fact yet. */
export function readEvidence(row: HrRow, reader: Reader): Reading {
  const reading = readRow(row, reader);
  return isYes.test(row.primary) ? { ...reading, primary: true } : reading;
}

const isYes = /^\s*(yes|y|true|1|x)\s*$/i;

function readRow(row: HrRow, reader: Reader): Reading {
  const word = row.status || row.statusLabel;
  const status = row.statusLabel || row.status;
  const day = (text: string) => readDay(text, reader.dateOrder, reader.timeZone);
  const meaning = reader.readStatus(word);
  switch (meaning) {
    case "active":
    case "hired": {
      const unreadable = [row.hireDate, row.rehireDate].find((text) => day(text) === null);
      if (meaning === "hired" && unreadable !== undefined)
        return { evidence: "unknown", status, doubt: `the hire date ${quote(unreadable)}, which is no date` };
      const starts = [day(row.hireDate), day(row.rehireDate)].filter((start) => typeof start === "string").sort();
      const start = meaning === "hired" ? starts.at(-1) : starts[0];
      if (start !== undefined && start > reader.today) return { evidence: "pending", status, effective: start };
      return { evidence: "active", status, ...effective(day(row.statusEffective)) };
    }
    case "leave": {
      const [start, end] = [day(row.leaveStart), day(row.leaveReturn)];
      if ((start && start > reader.today) || (end && end <= reader.today)) return { evidence: "active", status };
      return { evidence: "leave", status, leaveKind: row.leaveType || status, ...effective(start ?? day(row.statusEffective)) };
    }
    case "pending":
      return { evidence: "pending", status, ...effective(day(row.hireDate)) };
    case "terminated":
    case "deceased":
      return readEnd(row, meaning, status, reader);
    case "unknown":
      return { evidence: "unknown", status };
  }
}

const effective = (day: Day | undefined | null) => (day ? { effective: day } : {});

function readEnd(row: HrRow, meaning: "terminated" | "deceased", status: string, { today, dateOrder, timeZone }: Reader): Reading {
  const dates = {
    "termination date": row.terminationDate,
    "last day": row.lastDay,
    "status date": row.statusEffective,
    "hire date": row.hireDate,
    "rehire date": row.rehireDate,
  };
  const days: Record<string, Day | undefined> = {};
  for (const [name, text] of Object.entries(dates)) {
    const day = readDay(text, dateOrder, timeZone);
    if (day === null) return { evidence: "unknown", status, doubt: `the ${name} ${quote(text)}, which is no date` };
    days[name] = day;
  }
  const terminated = days["termination date"] ?? days["status date"];
  const lastDay = later(terminated, days["last day"]);
  const start = later(days["hire date"], days["rehire date"]);
  if (meaning === "terminated" && start !== undefined) {
    if (start > today) return { evidence: "pending", status, effective: start };
    // A first hire on the last day is somebody who never came; a second one has come back.
    const again = days["rehire date"];
    if (lastDay !== undefined && (start > lastDay || (again !== undefined && again >= lastDay)))
      return { evidence: "rehired", status, effective: start };
  }
  if (lastDay === undefined) return { evidence: meaning, status };
  const evidence = lastDay >= today ? "leaving" : meaning;
  return { evidence, status, effective: lastDay, lastDay, ...(terminated === undefined ? {} : { terminated }) };
}

/** Whoever HR says works here today: never converted, whatever else is set. */
export function isActive(evidence: Evidence): boolean {
  return evidence === "active" || evidence === "rehired";
}

/** The order in which several answers about one person count: the safest, then the newest. Ties do not depend on the feed's order. */
export function bySafety(a: Reading, b: Reading): number {
  return (
    evidences.indexOf(a.evidence) - evidences.indexOf(b.evidence) ||
    compare(b.lastDay ?? b.effective ?? "", a.lastDay ?? a.effective ?? "") ||
    Number(b.primary ?? false) - Number(a.primary ?? false) ||
    compare(a.status, b.status) ||
    compare(JSON.stringify(a), JSON.stringify(b))
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
