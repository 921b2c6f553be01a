import { dayIn } from "../program/hr/date.ts";
import type { OrganisationFacts } from "../provider/essentials/organisation.ts";
import type { AccountType } from "../provider/essentials/schema.ts";
import { amountOf } from "./money.ts";
import { packageKey, packageLabel } from "./package.ts";
import type { Prices } from "./prices.ts";
import { nextSnapshot, type Billing, type Snapshot } from "./snapshot.ts";

/** What becomes of one account, as far as seats are concerned. */
export interface SeatChange {
  readonly have: AccountType;
  readonly want: AccountType;
  /** Accounts that are switched off take no seat, whatever they are. */
  readonly active: boolean;
  readonly rule: string;
}

export interface SeatPlan {
  /** What people call it; empty where the service does not say. */
  readonly package: string;
  /** Seats taken now, as the service counts them, or else as its list shows them. */
  readonly used: number;
  /** Licences bought; absent where the service does not say. */
  readonly bought?: number;
  readonly after: number;
  readonly freed: readonly ByRule[];
  readonly taken: readonly ByRule[];
  /** Each month; absent where no price is configured for the package. */
  readonly money?: Money;
  /** There are prices, and none for this package. */
  readonly isUnpriced?: true;
  /** As ISO 8601, UTC; `countsBy`: an up that has ended by then counts. */
  readonly snapshot?: { readonly at: string; readonly countsBy: string };
}

export interface ByRule {
  readonly rule: string;
  readonly seats: number;
}

/** Amounts are hundredths of the currency. */
export interface Money {
  readonly currency: string;
  readonly now: number;
  readonly after: number;
  readonly difference: number;
  /** Licences are paid for until then, so that the invoice stays as it is; empty where nobody says when. */
  readonly prepaidUntil?: string;
  /** That day is over: what follows from it does not hold any more. */
  readonly isPrepaidOver?: true;
}

export interface Situation {
  readonly organisation: OrganisationFacts | undefined;
  readonly changes: readonly SeatChange[];
  readonly prices: Prices | undefined;
  readonly billing: Billing | undefined;
  readonly timeZone: string;
  readonly now: Date;
}

/** What a run does to seats and money. Pure; administrators take the seats they take and are not counted from the list. */
export function planSeats({ organisation, changes, prices, billing, timeZone, now }: Situation): SeatPlan {
  const freed = count(changes.filter((change) => takes(change, change.have) && !takes(change, change.want)));
  const taken = count(changes.filter((change) => !takes(change, change.have) && takes(change, change.want)));
  const used = organisation?.used ?? changes.filter((change) => takes(change, change.have)).length;
  const after = used + sum(taken) - sum(freed);
  const bought = organisation?.licences;
  const price = prices?.perSeat.get(packageKey(organisation?.package ?? ""));
  const until = prices?.prepaidUntil ?? organisation?.renewal ?? "";
  return {
    package: packageLabel(organisation?.package ?? ""),
    used,
    ...(bought !== undefined && { bought }),
    after,
    freed,
    taken,
    ...(prices &&
      price !== undefined && {
        money: { ...reckon(used, after, price, prices), ...(prices.prepaid && paidUntil(until, dayIn(timeZone, now))) },
      }),
    ...(prices && price === undefined && { isUnpriced: true as const }),
    ...(billing && { snapshot: asText(nextSnapshot(billing, billing.timeZone ?? timeZone, now)) }),
  };
}

/** An output of a stack holds no moments. */
function asText({ at, countsBy }: Snapshot): SeatPlan["snapshot"] & object {
  return { at: at.toISOString(), countsBy: countsBy.toISOString() };
}

/** What of an account's types takes a seat: whoever gets filtered mail of their own, logging in or not. */
function takes({ active }: SeatChange, type: AccountType): boolean {
  return active && (type === "end_user" || type === "silent_user");
}

function count(changes: readonly SeatChange[]): ByRule[] {
  const rules = Map.groupBy(changes, ({ rule }) => rule);
  return [...rules].map(([rule, each]) => ({ rule, seats: each.length })).sort((a, b) => b.seats - a.seats || (a.rule < b.rule ? -1 : 1));
}

export function sum(rules: readonly ByRule[]): number {
  return rules.reduce((seats, each) => seats + each.seats, 0);
}

/** The difference is that of the two amounts, so that it can be checked against two invoices. */
function reckon(used: number, after: number, price: number, { currency }: Prices): Money {
  const [now, then] = [amountOf(used, price), amountOf(after, price)];
  return { currency, now, after: then, difference: then - now };
}

/** @param until a day, or empty */
function paidUntil(until: string, today: string): Pick<Money, "prepaidUntil" | "isPrepaidOver"> {
  return { prepaidUntil: until, ...(until !== "" && until < today && { isPrepaidOver: true as const }) };
}
