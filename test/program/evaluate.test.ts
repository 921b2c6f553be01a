import { expect } from "chai";
import type { Watched } from "../../provider/flips.ts";
import { evaluate, type Evaluation } from "../../program/evaluate.ts";
import type { SyncSituation } from "../../program/gather.ts";
import { findFlips } from "../../program/policy/flip.ts";
import { hashDecisions, isChange } from "../../program/policy/decision.ts";
import type { Wave } from "../../program/policy/wave.ts";
import { readSettings } from "../../program/settings.ts";
import { feed, row, today, user } from "../support/builders.ts";

const now = new Date(`${today}T06:00:00Z`);
const written: Watched = {
  type: "functional_account",
  wrote: "functional_account",
  wroteAt: "2026-11-19T03:00:00.000Z",
  flips: 1,
  flippedAt: "2026-11-18T03:00:00.000Z",
};

interface Situation {
  /** What the state says of jane@, a leaver who is an end user again. */
  readonly jane?: Partial<Watched>;
  readonly sync?: SyncSituation;
  readonly config?: Record<string, unknown>;
  /** The wave the last run left. */
  readonly wave?: Wave;
  /** Accounts that are functional already. */
  readonly done?: readonly string[];
}

function judge({ jane = {}, sync = { mode: "ignore" }, config = {}, wave, done = [] }: Situation = {}): Evaluation {
  const keys: Record<string, unknown> = {
    apiUrl: "https://us1.proofpointessentials.com",
    domain: "acme.test",
    hr: { source: "csv", path: "hr.csv" },
    ...config,
  };
  const read = (key: string) => (key in keys ? (typeof keys[key] === "string" ? keys[key] : JSON.stringify(keys[key])) : undefined);
  const settings = readSettings({ read, keys: Object.keys(keys), isSecret: () => false, emptyPassphrase: false });
  const users = ["jane", "john", "kept"].map((name) =>
    user({ email: `${name}@acme.test`, type: done.includes(name) ? "functional_account" : "end_user" }),
  );
  const rows = [row({ status: "Terminated" }), row({ status: "Terminated", email: "john@acme.test" }), row({ email: "kept@acme.test" })];
  const memory = {
    feeds: [],
    written: new Map([["jane@acme.test", { ...written, ...jane }]]),
    exempted: new Set<string>(),
    exemptions: new Set<string>(),
    ...(wave && { wave }),
  };
  const flips = findFlips(users, memory.written, now, sync.exempt);
  return evaluate({ feed: feed(rows), users, exceptions: [], memory, flips, sync }, settings, { today, now, login: "ops@acme.test" });
}

const ruleOf = ({ decisions }: Evaluation) => decisions.find(({ email }) => email === "jane@acme.test")?.rule;
const approve = (evaluation: Evaluation, overrides = {}) => ({
  decisions: hashDecisions(evaluation.proposal.decisions),
  reason: "the sync rule is mended",
  by: "ops",
  until: `${today}T10:00:00Z`,
  ...overrides,
});

describe("A conflict, in the whole evaluation", () => {
  it("holds one account and no other", () => {
    const { decisions, proposal, problems } = judge();
    expect(decisions.map(({ want, rule }) => [want, rule])).to.deep.equal([
      ["end_user", "conflict"],
      ["functional_account", "terminated"],
      ["end_user", "active"],
    ]);
    expect(proposal.decisions[0]).to.include({ want: "functional_account", rule: "terminated", undone: "2026-11-19T03:00:00.000Z" });
    expect(problems[0]).to.match(/^Conflict: .*\(1\): jane@acme\.test\. Find out who/);
  });

  it("is settled by the exemption this run adds, where there was none when it was undone", () => {
    expect(ruleOf(judge({ sync: { mode: "manage" } }))).to.equal("terminated");
    expect(ruleOf(judge({ sync: { mode: "manage", exempt: new Set(["jane@acme.test"]) } }))).to.equal("conflict");
  });

  it("is settled by an exemption somebody has added since, and not by one that was there all the time", () => {
    const noticed = { type: "end_user", flips: 2, flippedAt: "2026-11-20T03:00:00.000Z" };
    const sync: SyncSituation = { mode: "warn", exempt: new Set(["jane@acme.test"]) };
    expect(ruleOf(judge({ jane: noticed, sync }))).to.equal("terminated");
    expect(ruleOf(judge({ jane: { ...noticed, flippedExempt: true }, sync }))).to.equal("conflict");
    expect(ruleOf(judge({ jane: { ...noticed, flippedExempt: true }, sync: { mode: "manage" } }))).to.equal("conflict");
  });

  it("is settled by an approval, which is used up by it", () => {
    const approval = approve(judge());
    const approved = judge({ config: { approval } });
    expect(ruleOf(approved)).to.equal("terminated");
    expect(approved.approved).to.include({ by: "ops" });
    expect(approved.problems[0]).to.contain("Written once more although somebody else undid it, approved by ops");
    // It was written, and undone twice again.
    const later = judge({ jane: { wroteAt: "2026-11-21T03:00:00.000Z" }, config: { approval } });
    expect(ruleOf(later)).to.equal("conflict");
    expect(later.problems[1]).to.contain("is for another set of changes than this one");
  });

  it("stays where the approval has expired, and says so", () => {
    const later = judge({ config: { approval: approve(judge(), { until: `${today}T05:00:00Z` }) } });
    expect(ruleOf(later)).to.equal("conflict");
    expect(later.unfit).to.contain("expired");
    expect(later.problems[1]).to.contain("expired");
  });
});

describe("An approval, in the whole evaluation", () => {
  const limits = { toFunctional: { count: 1 } };

  it("is about what there would be without conflicts, and shows what that exceeds", () => {
    const evaluation = judge({ config: { limits } });
    expect(evaluation.violations).to.deep.equal([]);
    expect(evaluation.proposal.violations.map(({ key }) => key)).to.deep.equal(["proofpoint:limits.toFunctional"]);
    const approved = judge({ config: { limits, approval: approve(evaluation) } });
    expect(approved.violations).to.have.length(1);
    expect(approved.approved).to.include({ by: "ops" });
  });

  it("is not looked at where there is nothing to approve", () => {
    const approval = approve(judge(), { decisions: "0".repeat(64) });
    const { approved, unfit } = judge({ jane: { flips: 0 }, config: { approval } });
    expect([approved, unfit]).to.deep.equal([undefined, undefined]);
  });

  it("takes a number or a truth for the text it was", () => {
    expect(judge({ config: { approval: approve(judge(), { reason: 48213, by: true }) } }).approved).to.include({
      reason: "48213",
      by: "true",
    });
  });
});

describe("Waves, in the whole evaluation", () => {
  const config = { waves: [1], limits: { toFunctional: { count: 1 } } };
  const settled = { flips: 0 };
  const first = judge({ jane: settled, config });

  it("hold whoever comes later, with the reason they will change for", () => {
    expect(first.notes).to.include("Wave 1 of 2: 1 changes now, 1 wait.");
    const waiting = first.decisions.find(({ rule }) => rule === "wave");
    expect(waiting).to.include({ want: "end_user", held: true });
    expect(waiting?.reason).to.match(/terminated in HR.*; becomes functional_account in a later wave$/);
  });

  it("are limited by all changes, those that wait included", () => {
    expect(first.violations.map(({ key }) => key)).to.deep.equal(["proofpoint:limits.toFunctional"]);
  });

  it("need one approval, which lets the rest of what it was given for pass as well", () => {
    const approval = approve(first);
    const approved = judge({ jane: settled, config: { ...config, approval } });
    expect(approved.approved).to.include({ by: "ops" });
    const [made = ""] = Object.keys(approved.wave?.changes ?? {});
    const lax = { ...config, limits: { toFunctional: { count: 0 } } };
    const next = { jane: settled, wave: approved.wave!, done: [made.split("@")[0]!] };
    expect(judge({ ...next, config: { ...lax, approval } }).approved, "the rest").to.include({ by: "ops" });
    expect(judge({ ...next, config: lax }).approved).to.equal(undefined);
    const other = { ...approval, decisions: "0".repeat(64) };
    expect(judge({ ...next, config: { ...lax, approval: other } }).unfit).to.contain("another set of changes");
    const undone = judge({ ...next, done: [], config: { ...lax, approval } });
    expect(undone.unfit, "what was undone since").to.equal(undefined);
    expect(undone.approved, "the same changes as at first").to.include({ by: "ops" });
  });

  it("that only wait are stopped by no limit, because they change nobody", () => {
    const wave = { ...first.wave!, changes: { "jane@acme.test": "functional_account" as const } };
    const sync = { mode: "ignore", last: new Date("2026-11-18T00:00:00Z"), hours: 999 } as const;
    const lax = { ...config, limits: { toFunctional: { count: 0 } } };
    const quiet = judge({ jane: { ...settled, type: "functional_account" }, config: lax, wave, done: ["jane"], sync });
    expect(quiet.notes[0]).to.contain("must leave it as it is first; 1 more wait.");
    expect(quiet.decisions.some(isChange)).to.equal(false);
    expect(quiet.violations).to.deep.equal([]);
  });
});
