import { expect } from "chai";
import { approvalSchema, refuseApproval } from "../../program/approval.ts";

const decisions = "a".repeat(64);
const approval = { decisions, reason: "the Leeds office closed", by: "jane@acme.test", until: "2026-11-22T10:00:00Z" };
const now = new Date("2026-11-22T09:00:00Z");

describe("An approval", () => {
  it("counts for exactly the changes it is for, until it expires", () => {
    expect(refuseApproval(approval, decisions, [], now)).to.equal(undefined);
    expect(refuseApproval(approval, "b".repeat(64), [], now)).to.equal(
      'The approval by jane@acme.test ("the Leeds office closed") is for another set of changes than this one.',
    );
    expect(refuseApproval(approval, decisions, [], new Date("2026-11-22T10:00:00Z"))).to.contain("expired at 2026-11-22T10:00:00Z");
    expect(refuseApproval({ ...approval, until: "2099-01-01T00:00:00Z" }, decisions, [], now)).to.contain("is for longer than a week");
  });

  it("counts for what it may exceed, and for anything where it does not say", () => {
    const exceeds = ["proofpoint:limits.missing"];
    expect(refuseApproval({ ...approval, exceeds }, decisions, exceeds, now)).to.equal(undefined);
    expect(refuseApproval(approval, decisions, exceeds, now)).to.equal(undefined);
    expect(refuseApproval({ ...approval, exceeds }, decisions, [...exceeds, "proofpoint:passport.shrinkPercent"], now)).to.contain(
      "is not for exceeding proofpoint:passport.shrinkPercent.",
    );
  });

  it("needs a reason, a name, a moment and the hash of decisions", () => {
    for (const key of Object.keys(approval)) {
      expect(approvalSchema.safeParse({ ...approval, [key]: " " }).success, key).to.equal(false);
      expect(approvalSchema.safeParse({ ...approval, [key]: undefined }).success, key).to.equal(false);
    }
    expect(approvalSchema.safeParse({ ...approval, until: "tomorrow" }).success).to.equal(false);
  });
});
