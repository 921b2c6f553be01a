import { expect } from "chai";
import { renderConsole, renderJson, renderMarkdown } from "../../program/render.ts";
import { hashDecisions, type Decision } from "../../program/policy/decision.ts";
import { buildReport, type Reported } from "../../program/report.ts";
import { decision, unchanged } from "../support/builders.ts";

const noSeats = { package: "", used: 0, after: 0, freed: [], taken: [] };

function report(input: Partial<Reported> = {}) {
  return buildReport("acme.test", {
    decisions: [],
    decisionsHash: "",
    notes: [],
    problems: [],
    violations: [],
    unpromoted: [],
    seats: noSeats,
    ...input,
  });
}

const leaver = (name: string) =>
  decision({ email: `${name}@acme.test`, want: "functional_account", rule: "terminated", reason: 'is terminated in HR (status "T")' });
const admin = decision({
  email: "admin@acme.test",
  have: "organization_admin",
  want: "organization_admin",
  rule: "unmanaged",
  reason: "is organization_admin",
});
const back = decision({ email: "back@acme.test", have: "functional_account" });
const heldOne = decision({ email: "held@acme.test", rule: "unknown", reason: 'has the HR status "Furlough"', held: true });

describe("report", () => {
  it("counts every user once", () => {
    const { summary } = report({ decisions: [leaver("a"), leaver("b"), back, heldOne, admin, ...unchanged(3)], problems: ["look"] });
    expect(summary).to.deep.equal({ users: 8, managed: 7, toFunctional: 2, toEndUser: 1, held: 1, unmanaged: 1, problems: 1 });
  });

  it("tells who is held from who is right already", () => {
    const decisions = [decision({ rule: "missing", held: true }), decision({ rule: "missing" })];
    expect(report({ decisions }).summary.held).to.equal(1);
  });

  it("says first how the run was made, where that is not as always", () => {
    const note = "What if: 2026-12-31 is taken for today (proofpoint:today).";
    expect(renderConsole(report({ notes: [note] })).split("\n")[1]).to.equal(`  ${note}`);
    expect(renderMarkdown(report({ notes: [note] }))).to.contain(`- ${note}`);
  });

  it("shows the largest group of changes first", () => {
    const { changes } = report({ decisions: [back, leaver("a"), leaver("b")] });
    expect(changes.map(({ title, decisions }) => [title, decisions.length])).to.deep.equal([
      ["end_user → functional_account, HR says terminated", 2],
      ["functional_account → end_user, HR says active", 1],
    ]);
  });

  it("says what changes, from what to what and why, who is held and who is not managed", () => {
    expect(renderConsole(report({ decisions: [leaver("a"), heldOne, admin], problems: ["HR lists x twice."] }))).to.equal(
      [
        "acme.test: 1 change",
        "  3 users, 2 managed, 1 not managed.",
        "  1 to functional_account, 0 to end_user, 1 held, 0 already right.",
        "  Seats: 0 used, 0 after this up.",
        "",
        "Change: end_user → functional_account, HR says terminated (1)",
        '  a@acme.test: end_user → functional_account: is terminated in HR (status "T")',
        "",
        "Held: HR's answer is not understood (1)",
        '  held@acme.test has the HR status "Furlough"',
        "",
        "Not managed: administrators and unknown types, never touched (1)",
        "  admin@acme.test is organization_admin",
        "",
        "To look at (1)",
        "  HR lists x twice.",
      ].join("\n"),
    );
  });

  it("folds a list after 20 with a count, and the JSON has everybody", () => {
    const whole = report({ decisions: Array.from({ length: 25 }, (_, index) => leaver(`u${index}`)) });
    expect(renderConsole(whole)).to.contain("… and 5 more").and.not.contain("u24@");
    expect(renderJson(whole)).to.contain("u24@acme.test");
  });

  it("has the same lines in Markdown, with words from outside as text", () => {
    const hostile = decision({
      email: "a@acme.test",
      rule: "unknown",
      held: true,
      reason: 'has the HR status "<img src=x>|[link](http://x)"',
    });
    const markdown = renderMarkdown(report({ decisions: [leaver("b"), hostile] }));
    expect(markdown).to.contain('- b@acme.test: end_user → functional_account: is terminated in HR (status "T")');
    expect(markdown).to.contain("\\<img src=x\\>\\|\\[link\\](http:\\/\\/x)");
  });

  it("gives one set of changes one hash, whatever the order, and another set another", () => {
    const hash = (...decisions: Decision[]) => hashDecisions(decisions);
    expect(hash(leaver("a"), back)).to.equal(hash(back, leaver("a")));
    expect(hash(leaver("a"), admin)).to.equal(hash(leaver("a")));
    expect(hash(leaver("a"))).to.not.equal(hash(leaver("b")));
  });
});
