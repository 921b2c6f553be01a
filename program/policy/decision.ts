import type { AccountType } from "../../provider/essentials/schema.ts";

/**
 * What is to become of one live user, and why. Every live user has exactly one, always: leaving alone is a decision
 * too, with `want` equal to `have`. The diff, the console, the report and the tests all speak of this record.
 */
export interface Decision {
  /** The primary address, as the account stores it. */
  readonly email: string;
  /** The type the account has. */
  readonly have: AccountType;
  /** The type it should have. */
  readonly want: AccountType;
  /** The rule that decided: an id of the table in rules.ts. */
  readonly rule: RuleId;
  /** One sentence for people, with the deciding fact. */
  readonly reason: string;
}

export type RuleId =
  "unmanaged" | "protected" | "shared_address" | "silent" | "active" | "leave" | "pending" | "unknown" | "terminated" | "missing";

export function isChange({ have, want }: Decision): boolean {
  return have !== want;
}
