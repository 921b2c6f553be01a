import type { ManagedType, User } from "../../provider/essentials/schema.ts";
import type { Day } from "../hr/date.ts";
import type { RefusedRow } from "../hr/person.ts";
import type { Decision, RuleId } from "./decision.ts";
import type { Exceptions } from "./exceptions.ts";
import type { Flips } from "./flip.ts";
import type { Matched } from "./match.ts";
import type { Policy } from "./policy.ts";

/** What holds for every account of one run. */
export interface Circumstances {
  readonly policy: Policy;
  /** The day it is, in the stack's time zone. */
  readonly today: Day;
  readonly exceptions: Exceptions;
  /** Whether `policy.protect` names an account. */
  readonly isProtected: (user: User) => boolean;
  /** Whether this stack may change an account at all. */
  readonly isInCanary: (user: User) => boolean;
  /** The address this program logs in with. */
  readonly login: string;
  /** Rows of the feed that could not be read and may be about anybody. */
  readonly unclaimed: readonly RefusedRow[];
  /** Accounts that are not as this program last made them, by folded address. */
  readonly flips: Flips;
  /** Folded addresses of those whom this run would write once more, which nobody has settled. */
  readonly quarrels: ReadonlySet<string>;
  /** What would be decided about those who wait for a later wave, by folded address. */
  readonly waiting: ReadonlyMap<string, Decision>;
  /** The organisation's last successful directory sync, where known. */
  readonly lastSync?: Date | undefined;
}

/** The type an account should have; `hold` leaves it as it is. */
export type Outcome = ManagedType | "hold";

export interface Rule {
  readonly id: RuleId;
  /** The accounts it speaks of, as a heading of the report: "HR says terminated". */
  readonly title: string;
  /** The same for the README, and the outcome with the setting that changes it. */
  readonly condition: string;
  readonly usually: string;
  readonly applies: (matched: Matched, circumstances: Circumstances) => boolean;
  readonly outcome: (matched: Matched, circumstances: Circumstances) => Outcome;
  /** The deciding fact about one account, as it follows its address. */
  readonly reason: (matched: Matched, circumstances: Circumstances) => string;
}
