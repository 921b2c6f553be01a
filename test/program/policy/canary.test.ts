import { expect } from "chai";
import { canarySchema, compileCanary } from "../../../program/policy/canary.ts";
import { decide } from "../../../program/policy/decide.ts";
import { needsExemption } from "../../../program/policy/decision.ts";
import { circumstances, matchAll, user } from "../../support/builders.ts";

const inCanary = (canary: object) => compileCanary(canarySchema.parse(canary));
const crowd = Array.from({ length: 2000 }, (_, index) => user({ email: `u${index}@acme.test` }));
const chosen = (percent: number) => new Set(crowd.filter(inCanary({ percent })).map(({ email }) => email));

describe("A canary", () => {
  it("is whom it names by address, alias or pattern", () => {
    const isIn = inCanary({ emails: ["Jane@acme.test"], patterns: ["*@pilot.acme.test"] });
    expect(isIn(user())).to.equal(true);
    expect(isIn(user({ email: "x@acme.test", aliases: ["y@pilot.acme.test"] }))).to.equal(true);
    expect(isIn(user({ email: "x@acme.test" }))).to.equal(false);
  });

  it("is a share of the organisation, the same in every run, and grows by adding", () => {
    const [five, fifty] = [chosen(5), chosen(50)];
    expect(five.size).to.be.within(60, 140);
    expect(fifty.size).to.be.within(900, 1100);
    expect([...five].every((email) => fifty.has(email))).to.equal(true);
    expect(chosen(5)).to.deep.equal(five);
    expect(chosen(100).size).to.equal(2000);
    expect(inCanary({ percent: 5 })(user({ email: "U7@ACME.test" }))).to.equal(five.has("u7@acme.test"));
  });

  it("that names nobody is refused, and without one everybody may be changed", () => {
    expect(canarySchema.safeParse({ emails: [] }).error?.message).to.contain("names nobody");
    expect(canarySchema.safeParse({ percent: 101 }).success).to.equal(false);
    expect(compileCanary(undefined)(user())).to.equal(true);
  });

  it("holds everybody else, whatever HR says, and leaves their exemptions alone", () => {
    const users = [user(), user({ email: "john@acme.test" }), user({ email: "shared@acme.test", type: "functional_account" })];
    const decisions = decide(matchAll(users, []).matched, { ...circumstances(), isInCanary: inCanary({ emails: ["jane@acme.test"] }) });
    expect(decisions.map(({ want, rule, held }) => [want, rule, held])).to.deep.equal([
      ["functional_account", "missing", false],
      ["end_user", "canary", true],
      ["functional_account", "canary", true],
    ]);
    expect(needsExemption(decisions[2]!)).to.equal(false);
  });
});
