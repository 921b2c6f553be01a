import type { User } from "../../provider/essentials/schema.ts";
import type { Reader } from "../../program/hr/evidence.ts";
import type { Feed, HrRow } from "../../program/hr/row.ts";
import type { Person } from "../../program/hr/person.ts";
import { rowFields } from "../../program/hr/columns.ts";
import { createVocabulary, type Words } from "../../program/hr/status.ts";
import { decide } from "../../program/policy/decide.ts";
import type { Decision } from "../../program/policy/decision.ts";
import { judgeExceptions, type Exception } from "../../program/policy/exceptions.ts";
import { match, type Match } from "../../program/policy/match.ts";
import { compileNames } from "../../program/policy/named.ts";
import { policySchema, type Policy } from "../../program/policy/policy.ts";
import type { Circumstances } from "../../program/policy/rule.ts";
import type { Line } from "../../seats/reconcile.ts";
import type { z } from "zod";

/** Small worlds: every builder gives a usable thing, and a test says only what matters to it. */

export function user(overrides: Partial<User> = {}): User {
  return { email: "jane@acme.test", type: "end_user", aliases: [], active: true, ...overrides };
}

export function row(overrides: Partial<HrRow> = {}): HrRow {
  return {
    ...(Object.fromEntries(rowFields.map((field) => [field, ""])) as Record<(typeof rowFields)[number], string>),
    at: 2,
    status: "Active",
    email: "jane@acme.test",
    companyCode: "1001",
    workerCategoryCode: "F",
    locationCode: "LON",
    ...overrides,
  };
}

/** A feed with every column, of these rows. */
export function feed(rows: readonly HrRow[]): Feed {
  return { name: "the HR feed hr.csv", columns: rowFields, fields: rowFields, unit: "line", hash: "", notes: [], rows };
}

/** The day the tests happen on. */
export const today = "2026-11-22";

export function reader(overrides: Partial<Reader> & { words?: Words } = {}): Reader {
  return { readStatus: createVocabulary(overrides.words ?? {}), today, ...overrides };
}

export function person(overrides: Partial<Person> = {}): Person {
  const codes = [{ companyCode: "1001", workerCategoryCode: "F", locationCode: "LON" }];
  return { emails: ["jane@acme.test"], evidence: "active", status: "Active", codes, ...overrides };
}

export function policy(overrides: z.input<typeof policySchema> = {}): Policy {
  return policySchema.parse(overrides);
}

export function decision(overrides: Partial<Decision> = {}): Decision {
  return {
    email: "jane@acme.test",
    have: "end_user",
    want: "end_user",
    rule: "active",
    reason: "is active in HR",
    held: false,
    ...overrides,
  };
}

export function matchAll(users: readonly User[], people: readonly Person[]): Match {
  return match({ users, people, refused: [], domains: ["acme.test"] });
}

export interface World {
  readonly policy?: z.input<typeof policySchema>;
  readonly exceptions?: readonly Exception[];
  readonly users?: readonly User[];
}

export function circumstances({ policy: settings = {}, exceptions = [], users = [] }: World = {}): Circumstances {
  return {
    policy: policy(settings),
    today,
    exceptions: judgeExceptions(exceptions, users, today),
    isProtected: compileNames(policy(settings).protect),
    isInCanary: () => true,
    login: "admin@acme.test",
    unclaimed: [],
    flips: new Map(),
    quarrels: new Set(),
    waiting: new Map(),
  };
}

/** What becomes of one user, given what HR says. */
export function decideAbout(one: User, people: readonly Person[] = [], settings: z.input<typeof policySchema> = {}): Decision {
  return decide(matchAll([one], people).matched, circumstances({ policy: settings }))[0]!;
}

/** `count` unchanged decisions, for filling an organisation. */
export function unchanged(count: number): Decision[] {
  return Array.from({ length: count }, (_, index) => decision({ email: `kept${index}@acme.test` }));
}

/** A contract line: ten seats used, and nothing said of what is billed. */
export function contractLine(overrides: Partial<Line> = {}): Line {
  return {
    account: "us1/1042",
    accountName: "Acme",
    service: "s1",
    package: "Professional",
    organisations: ["acme.test"],
    used: 10,
    delta: 10,
    kind: "reconcile",
    effective: "2026-12-01",
    ...overrides,
  };
}
