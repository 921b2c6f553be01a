import { createHash } from "node:crypto";
import { foldAddress } from "../../provider/essentials/address.ts";
import type { Day } from "../hr/date.ts";
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
  /** One sentence for people, with the deciding fact. It goes to the report and never into the state. */
  readonly reason: string;
  /** The rule leaves the account as it is, whatever it is. */
  readonly held: boolean;
  /** From when on HR's answer holds. */
  readonly effective?: Day;
  /** When this program wrote the same before, where somebody has undone that since. ISO 8601. */
  readonly undone?: string;
}

export type RuleId =
  | "unmanaged"
  | "protected"
  | "login"
  | "canary"
  | "conflict"
  | "wave"
  | "exception"
  | "shared_address"
  | "inactive_account"
  | "silent"
  | "other_domain"
  | "two_people"
  | "personal_address"
  | "refused_row"
  | "similar_address"
  | "out_of_scope"
  | "active"
  | "rehired"
  | "unread_rows"
  | "leave"
  | "pending"
  | "leaving"
  | "unknown"
  | "grace"
  | "deceased"
  | "terminated"
  | "missing";

export function isChange({ have, want }: Decision): boolean {
  return have !== want;
}

/** Rules whose functional accounts are left to directory sync: their owners work here, or they are none of this stack's business. */
const mayComeBack: readonly RuleId[] = ["active", "rehired", "unmanaged", "canary", "wave"];

/**
 * Whether directory sync is to leave an account alone: it is, or is to be, functional, and its owner is not known to work
 * here; or it would be if that were not undone.
 */
export function needsExemption({ want, rule }: Pick<Decision, "want" | "rule">): boolean {
  if (rule === "conflict") return want === "end_user";
  return want === "functional_account" && !mayComeBack.includes(rule);
}

/** Who is held for now, and not for what they are, keeps the exemption this stack gave them. */
export function keepsExemption({ rule }: Pick<Decision, "rule">): boolean {
  return rule === "wave" || rule === "canary";
}

/** Rules whose date of effect may be known to whoever reads the state. */
const dated: readonly RuleId[] = ["active", "rehired", "pending", "grace", "terminated", "deceased"];

/**
 * What of a decision is kept in the state, which more people read than HR's data: the rule and the date of effect.
 * Whoever died has left, as far as the state is concerned, and whoever is on leave or about to leave is employed.
 */
export function neutralReason({ rule, effective }: Pick<Decision, "rule" | "effective">): string {
  if (rule === "leave" || rule === "leaving") return "rule active";
  const shown = rule === "deceased" ? "terminated" : rule;
  return effective !== undefined && dated.includes(rule) ? `rule ${shown}, effective ${effective}` : `rule ${shown}`;
}

/**
 * One exact set of changes: the same people, from the same type to the same type, by the same rule. What is written once
 * more after it was undone is another change each time.
 */
export function hashDecisions(decisions: readonly Decision[]): string {
  const lines = decisions
    .filter(isChange)
    .map(({ email, have, want, rule, undone }) => JSON.stringify([foldAddress(email), have, want, rule, ...(undone ? [undone] : [])]));
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}
