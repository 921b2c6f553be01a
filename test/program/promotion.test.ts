import { expect } from "chai";
import { comparePolicies, judgePromotion, refuseItself } from "../../program/promotion.ts";
import { hashPolicy } from "../../program/policy/policy.ts";
import { policy } from "../support/builders.ts";

const now = new Date("2026-11-22T06:00:00Z");
const following = { from: "staging", maxAgeHours: 24, policy: policy({ graceDays: 7 }), now };
const applied = (of: ReturnType<typeof policy>, appliedAt = "2026-11-22T03:00:00.000Z") => ({
  policyHash: hashPolicy(of),
  policy: JSON.parse(JSON.stringify(of)) as unknown,
  appliedAt,
});

describe("A promotion", () => {
  it("passes where the stack that goes ahead has applied the same policy lately", () => {
    expect(judgePromotion(applied(following.policy), following)).to.deep.equal([]);
    expect(judgePromotion(applied(following.policy, "2026-11-21T06:00:00.000Z"), following)).to.deep.equal([]);
  });

  it("is refused with both hashes, both times and every setting that differs", () => {
    const theirs = policy({ protect: { emails: ["boss@acme.test"] } });
    expect(judgePromotion(applied(theirs), following)).to.deep.equal([
      `staging applied the policy ${hashPolicy(theirs)} on 2026-11-22T03:00:00.000Z, 3.0 hours ago.`,
      `This run, on 2026-11-22T06:00:00.000Z, is of the policy ${hashPolicy(following.policy)}.`,
      "proofpoint:policy.graceDays: 0 there, 7 here.",
      'proofpoint:policy.protect.emails: ["boss@acme.test"] there, [] here.',
      "Apply this policy to staging first.",
    ]);
  });

  it("is refused where that is too long ago", () => {
    const lines = judgePromotion(applied(following.policy, "2026-11-19T06:00:00.000Z"), following);
    expect(lines[0]).to.contain("3 days ago");
    expect(lines[2]).to.equal("That is longer than proofpoint:promotionMaxAgeHours (24). Apply it to staging again first.");
  });

  it("is refused where there is nothing to follow, whatever form that has", () => {
    for (const nothing of [{}, { policyHash: undefined }, { policyHash: 5, policy: [], appliedAt: "yesterday" }])
      expect(judgePromotion(nothing, following)[0]).to.contain("staging has no successful up yet");
  });

  it("is refused where there is no such stack, or a clock is wrong", () => {
    expect(judgePromotion(undefined, following)).to.deep.equal([
      "The stack staging could not be read. Check proofpoint:promotesFrom, or make that stack and run it first.",
    ]);
    expect(judgePromotion(applied(following.policy, "2026-11-22T09:00:00.000Z"), following)[2]).to.contain("in the future");
    expect(() => refuseItself("prod", "prod")).to.throw("names prod itself");
    refuseItself("acme/other/prod", "prod");
    refuseItself(undefined, "prod");
  });

  it("says so where another version of the program knows other settings", () => {
    const older = { ...applied(following.policy), policyHash: "0".repeat(64) };
    expect(judgePromotion(older, following)).to.include("No setting differs: it was another version of this program.");
    expect(comparePolicies({ gone: 1, same: { a: [1] } }, { same: { a: [1], b: "x" } })).to.deep.equal([
      { key: "gone", before: "1", after: "not set" },
      { key: "same.b", before: "not set", after: '"x"' },
    ]);
  });
});
