import { expect } from "chai";
import { judge, limitsSchema } from "../../program/guard.ts";
import type { Decision } from "../../program/policy/decision.ts";
import { decision, unchanged } from "../support/builders.ts";

const leavers = (count: number, rule: Decision["rule"] = "leave") =>
  Array.from({ length: count }, (_, index) => decision({ email: `leaver${index}@acme.test`, want: "functional_account", rule }));
const returners = (count: number) =>
  Array.from({ length: count }, (_, index) => decision({ email: `back${index}@acme.test`, have: "functional_account" }));
const keysOf = (decisions: readonly Decision[], limits = {}) => judge(decisions, limitsSchema.parse(limits)).map(({ key }) => key);

describe("limits", () => {
  it("let the allowed number pass and stop one more", () => {
    expect(keysOf([...unchanged(950), ...leavers(50)])).to.deep.equal([]);
    expect(keysOf([...unchanged(950), ...leavers(51)])).to.deep.equal(["proofpoint:limits.toFunctional"]);
  });

  it("take the stricter of count and percent", () => {
    expect(keysOf([...unchanged(90), ...leavers(10)])).to.deep.equal([]);
    expect(keysOf([...unchanged(89), ...leavers(11)])).to.deep.equal(["proofpoint:limits.toFunctional"]);
  });

  it("count percent only from minimumUsers managed users on", () => {
    expect(keysOf([...unchanged(16), ...leavers(3)])).to.deep.equal([]);
    expect(keysOf([...unchanged(17), ...leavers(3)])).to.deep.equal(["proofpoint:limits.toFunctional"]);
  });

  it("count percent of managed users, not of administrators", () => {
    const administrators = Array.from({ length: 100 }, () =>
      decision({ have: "organization_admin", want: "organization_admin", rule: "unmanaged" }),
    );
    expect(keysOf([...administrators, ...unchanged(27), ...leavers(3)])).to.deep.equal([]);
    expect(keysOf([...administrators, ...unchanged(26), ...leavers(3)])).to.deep.equal(["proofpoint:limits.toFunctional"]);
  });

  it("have one of their own for people who are missing from HR", () => {
    expect(keysOf([...unchanged(474), ...leavers(26, "missing")])).to.deep.equal(["proofpoint:limits.missing"]);
  });

  it("have one for new licences", () => {
    expect(keysOf([...unchanged(974), ...returners(26)])).to.deep.equal(["proofpoint:limits.toEndUser"]);
  });

  it("report everything at once: how many, what share, which limit, who", () => {
    expect(judge([...leavers(60, "missing"), ...returners(40)], limitsSchema.parse({}))).to.deep.equal([
      {
        key: "proofpoint:limits.toFunctional",
        message:
          "60 of 100 managed users (60.0 %) would become functional_account; the limit is count 50, percent 10: leaver0@acme.test, leaver1@acme.test, leaver2@acme.test, leaver3@acme.test, leaver4@acme.test, …",
      },
      {
        key: "proofpoint:limits.missing",
        message:
          "60 of 100 managed users (60.0 %) would become functional_account because HR does not know them; the limit is count 25, percent 5: leaver0@acme.test, leaver1@acme.test, leaver2@acme.test, leaver3@acme.test, leaver4@acme.test, …",
      },
      {
        key: "proofpoint:limits.toEndUser",
        message:
          "40 of 100 managed users (40.0 %) would become end_user, a licence each; the limit is count 25, percent 5: back0@acme.test, back1@acme.test, back2@acme.test, back3@acme.test, back4@acme.test, …",
      },
    ]);
  });

  it("name only what was exceeded", () => {
    const decisions = [...unchanged(950), ...leavers(51, "leave")];
    expect(keysOf(decisions)).to.deep.equal(["proofpoint:limits.toFunctional"]);
    expect(keysOf(decisions, { toFunctional: { count: 51 } })).to.deep.equal([]);
  });

  it("have one for people HR says left, however", () => {
    const decisions = [...unchanged(959), ...leavers(20, "terminated"), ...leavers(21, "deceased")];
    expect(keysOf(decisions)).to.deep.equal(["proofpoint:limits.terminated"]);
  });

  it("fail closed where nobody is managed", () => {
    const odd = decision({ have: "channel_admin", want: "functional_account" });
    expect(judge([odd], limitsSchema.parse({})).map(({ message }) => message)[0]).to.contain("1 of 0 managed users (all %)");
  });

  it("of nought allow nothing", () => {
    expect(keysOf([...unchanged(9), ...leavers(1)], { toFunctional: { count: 0 } })).to.deep.equal(["proofpoint:limits.toFunctional"]);
  });
});
