import { expect } from "chai";
import { findUnusedScope, refuseBlindScope } from "../../../program/policy/scope.ts";
import { feed, policy, row } from "../../support/builders.ts";

describe("scope", () => {
  it("reports codes nobody has, and zeros a spreadsheet has dropped", () => {
    const scope = { companyCodes: ["1001", "0042"], locationCodes: ["lon", "NYC"] };
    const rows = [row(), row({ companyCode: "42" })];
    expect(findUnusedScope(policy({ scope }), feed(rows))).to.deep.equal([
      "proofpoint:policy.scope.companyCodes names 0042, and no line of the feed has it (it has 42: Excel drops leading zeros).",
      "proofpoint:policy.scope.locationCodes names NYC, and no line of the feed has it.",
    ]);
  });

  it("refuses a feed that has no column for it: everybody would be held", () => {
    const without = { ...feed([row()]), fields: ["email", "status"] as const };
    expect(() => refuseBlindScope(policy({ scope: { companyCodes: ["1001"] } }), without)).to.throw("has no column for it");
    expect(() => refuseBlindScope(policy(), without)).to.not.throw();
  });
});
