import { parseCsv } from "../program/hr/csv/csv.ts";
import { toPeople } from "../program/hr/person.ts";
import { hrSchema, readerOf, toFeed } from "../program/hr/source.ts";
import { decide } from "../program/policy/decide.ts";
import { judgeExceptions } from "../program/policy/exceptions.ts";
import { match } from "../program/policy/match.ts";
import { policySchema } from "../program/policy/policy.ts";
import { compileNames } from "../program/policy/named.ts";
import { findUnusedScope } from "../program/policy/scope.ts";
import type { User } from "../provider/essentials/schema.ts";

/**
 * As many HR rows as users, from the bytes of a CSV with ADP's columns to one decision for each user, in this process.
 * Every tenth person has two positions, every twentieth has left; a user has two addresses.
 */
const count = Number(process.argv[2]);
const today = "2026-11-22";
const bytes = Buffer.from(makeCsv(count));
const users = Array.from({ length: count }, (_, index): User => ({
  email: `User.${index}@acme.test`,
  type: "end_user",
  aliases: [`u${index}@acme.test`],
  active: true,
}));

const started = performance.now();
const settings = hrSchema.parse({ source: "csv", path: "hr.csv" });
if (settings.source !== "csv") throw new Error("It is a CSV.");
const feed = toFeed(parseCsv({ name: "the HR feed", bytes }, settings), settings);
const people = toPeople(feed, readerOf(settings, today, "UTC"));
const { matched, unclaimed } = match({ users, ...people, domains: ["acme.test"] });
const policy = policySchema.parse({ graceDays: 7, scope: { companyCodes: ["C1", "C2"] } });
findUnusedScope(policy, feed);
const decisions = decide(matched, {
  policy,
  today,
  exceptions: judgeExceptions([], users, today),
  login: "admin@acme.test",
  isProtected: compileNames(policy.protect),
  isInCanary: () => true,
  unclaimed,
  flips: new Map(),
  quarrels: new Set(),
  waiting: new Map(),
});
const seconds = (performance.now() - started) / 1000;
console.log(
  JSON.stringify({
    seconds,
    changes: decisions.filter(({ have, want }) => have !== want).length,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);

function makeCsv(rows: number): string {
  const header =
    "Associate ID,Payroll Company Code,Primary Position,Position Status (Employment Profile),Status Effective Date,Hire Date,Termination Date,Worker Category Code,Location Code,Work Contact: Work Email";
  const lines = Array.from({ length: rows }, (_, index) => {
    // The second position of the person before.
    const person = index % 10 === 9 ? index - 1 : index;
    const left = person % 20 === 0;
    return `G${person},C${person % 2 === 0 ? 1 : 2},${person === index ? "Yes" : "No"},${left ? "Terminated" : "Active"},${left ? "2026-10-31" : "2020-01-01"},2015-03-02,${left ? "2026-10-31" : ""},F,LON,user.${person}@acme.test`;
  });
  return [header, ...lines, ""].join("\n");
}
