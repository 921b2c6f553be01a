import type { User } from "../../provider/essentials/schema.ts";
import type { HrRow } from "../../program/hr/row.ts";
import type { Person } from "../../program/hr/person.ts";
import { decide } from "../../program/policy/decide.ts";
import type { Decision } from "../../program/policy/decision.ts";
import { match } from "../../program/policy/match.ts";
import { policySchema, type Policy } from "../../program/policy/policy.ts";
import type { z } from "zod";

/** Small worlds: every builder gives a usable thing, and a test says only what matters to it. */

export function user(overrides: Partial<User> = {}): User {
  return { email: "jane@acme.test", type: "end_user", aliases: [], ...overrides };
}

export function row(overrides: Partial<HrRow> = {}): HrRow {
  return {
    line: 2,
    status: "Active",
    email: "jane@acme.test",
    companyCode: "1001",
    workerCategoryCode: "F",
    locationCode: "LON",
    ...overrides,
  };
}

export function person(overrides: Partial<Person> = {}): Person {
  return { email: "jane@acme.test", evidence: "active", status: "Active", ...overrides };
}

export function policy(overrides: z.input<typeof policySchema> = {}): Policy {
  return policySchema.parse(overrides);
}

export function decision(overrides: Partial<Decision> = {}): Decision {
  return { email: "jane@acme.test", have: "end_user", want: "end_user", rule: "active", reason: "is active in HR", ...overrides };
}

/** What becomes of one user, given what HR says. */
export function decideAbout(one: User, people: readonly Person[] = [], settings: z.input<typeof policySchema> = {}): Decision {
  return decide(match([one], people).matched, policy(settings))[0]!;
}

/** `count` unchanged decisions, for filling an organisation. */
export function unchanged(count: number): Decision[] {
  return Array.from({ length: count }, (_, index) => decision({ email: `kept${index}@acme.test` }));
}
