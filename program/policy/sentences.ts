import type { Day } from "../hr/date.ts";
import { quote } from "../hr/quote.ts";
import type { Exception } from "./exceptions.ts";
import type { Matched } from "./match.ts";
import type { Policy } from "./policy.ts";

export function since(day: Day | undefined): string {
  return day === undefined ? "" : ` since ${day}`;
}

/** "was terminated in HR on 2026-10-31 (status "Retired"), last day 2026-10-28" */
export function tellEnd({ person }: Matched): string {
  const on = person?.terminated === undefined ? "" : ` on ${person.terminated}`;
  const lastDay = person?.lastDay === undefined || person.lastDay === person.terminated ? "" : `, last day ${person.lastDay}`;
  return `was ${person?.evidence === "deceased" ? "reported deceased" : "terminated"} in HR${on} (status ${quote(person?.status)})${lastDay}`;
}

export function tellGrace({ graceDays }: Policy): string {
  return graceDays === 0 ? "" : `, ${graceDays} days of grace ended`;
}

/** "has an exception (hold until 2027-03-31: "in court", "Legal")" */
export function tellExceptions(entries: readonly Exception[], mayBeActive: boolean): string {
  const told = entries.map(({ want, reason, owner, expires }) => `${want} until ${expires}: ${quote(reason)}, ${quote(owner)}`);
  const kept = mayBeActive && entries.some(({ want }) => want === "functional_account");
  return `has an exception (${told.join("; ")})${kept ? ", but is or may be active in HR and is not converted" : ""}`;
}
