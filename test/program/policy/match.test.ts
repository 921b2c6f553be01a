import { expect } from "chai";
import { match, refuseStrangers } from "../../../program/policy/match.ts";
import { findUnusedProtection } from "../../../program/policy/protect.ts";
import { person, policy, user } from "../../support/builders.ts";

describe("match", () => {
  it("finds a person by primary address without case", () => {
    const { matched } = match([user({ email: "Jane.Doe@Acme.test" })], [person({ email: "jane.doe@acme.test" })]);
    expect(matched[0]?.person?.email).to.equal("jane.doe@acme.test");
  });

  it("finds a person by alias", () => {
    const { matched } = match([user({ aliases: ["J.Doe@acme.test"] })], [person({ email: "j.doe@acme.test" })]);
    expect(matched[0]?.person?.email).to.equal("j.doe@acme.test");
  });

  it("takes the safest of two people who share an account, and says so", () => {
    const people = [person({ evidence: "terminated" }), person({ email: "j.doe@acme.test", evidence: "leave" })];
    const { matched, problems } = match([user({ aliases: ["j.doe@acme.test"] })], people);
    expect(matched[0]?.person?.evidence).to.equal("leave");
    expect(problems).to.deep.equal([
      "jane@acme.test belongs to 2 people in HR (j.doe@acme.test: leave, jane@acme.test: terminated): taken as leave, the safest of them.",
    ]);
  });

  it("sees when two accounts share an address", () => {
    const { matched } = match([user(), user({ email: "john@acme.test", aliases: ["JANE@acme.test"] })], []);
    expect(matched.map(({ sharedAddress }) => sharedAddress)).to.deep.equal([
      { address: "jane@acme.test", other: "john@acme.test" },
      { address: "jane@acme.test", other: "jane@acme.test" },
    ]);
  });

  it("counts people without an account", () => {
    expect(match([user()], [person(), person({ email: "new@acme.test" })]).peopleWithoutAccount).to.equal(1);
  });

  it("takes an account that repeats its own address for one account", () => {
    expect(match([user({ aliases: ["JANE@acme.test"] })], [person()]).matched[0]).to.include({ sharedAddress: undefined });
  });

  it("refuses a feed in which nobody has an account here, at any size", () => {
    const people = [person({ email: "x@other.test" })];
    expect(() => refuseStrangers(match([user()], people), people)).to.throw("None of the 1 people in the HR feed has an account");
    expect(() => refuseStrangers(match([user()], [person(), ...people]), [person(), ...people])).to.not.throw();
  });

  it("reports entries that protect nobody", () => {
    const protect = { emails: ["JANE@acme.test", "jnae@acme.test"], patterns: ["*@acme.test", "svc-*@acme.test"] };
    expect(findUnusedProtection(policy({ protect }), [user()])).to.deep.equal([
      "proofpoint:policy.protect names jnae@acme.test, and no account has such an address.",
      "proofpoint:policy.protect names svc-*@acme.test, and no account has such an address.",
    ]);
  });
});
