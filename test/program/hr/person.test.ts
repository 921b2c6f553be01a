import { expect } from "chai";
import { toPeople } from "../../../program/hr/person.ts";
import { row } from "../../support/builders.ts";

describe("people", () => {
  it("are rows with the address folded once", () => {
    expect(toPeople([row({ email: "  Jane@Acme.TEST " })]).people).to.deep.equal([
      { email: "jane@acme.test", evidence: "active", status: "Active" },
    ]);
  });

  it("take the safest of several rows, whatever their order, and the pair is named", () => {
    const rows = [row({ status: "Terminated", line: 3 }), row({ status: "On leave", line: 9 })];
    for (const order of [rows, rows.toReversed()]) {
      expect(toPeople(order).people).to.deep.equal([{ email: "jane@acme.test", evidence: "leave", status: "On leave" }]);
    }
    expect(toPeople(rows).problems).to.deep.equal([
      'HR lists jane@acme.test 2 times ("Terminated" in line 3, "On leave" in line 9): taken as leave, the safest of them.',
    ]);
  });

  it("do not depend on the order of rows that mean the same", () => {
    const rows = [row({ status: "T" }), row({ status: "Retired" })];
    expect(toPeople(rows).people).to.deep.equal(toPeople(rows.toReversed()).people);
  });

  it("leave out rows without an address, and count them", () => {
    const { people, withoutAddress } = toPeople([row({ email: "" }), row({ email: " N/A" }), row({ email: "-" }), row()]);
    expect([people.length, withoutAddress]).to.deep.equal([1, 3]);
  });

  for (const email of ["o'brien@acme.test", "a+b#c/d@mail.acme.test", "jörg@müller.example", "用户@例子.test"]) {
    it(`take ${email} for an address`, () => expect(toPeople([row({ email })]).people).to.have.length(1));
  }

  it("are refused where no row has an address: everybody would count as gone", () => {
    expect(() => toPeople([row({ email: "" }), row({ email: "n/a" })])).to.throw("None of the 2 rows of the HR feed has an address");
  });

  it("put no line ends and control characters of HR into a problem", () => {
    const [problem] = toPeople([row(), row({ status: "Act\n## x\u001b[2J" })]).problems;
    expect(problem).to.not.match(/\p{Cc}/u);
  });

  for (const email of [
    "VP, Investor Relationsuser1@acme.test",
    "jane@acme.test; john@acme.test",
    "jane@@acme.test",
    "@acme.test",
    "jane@",
    "jane.acme.test",
    "4711",
    "\u200bjane@acme.test",
    "jane@acme.test\u200e",
    "ja\u0007ne@acme.test",
    "jane@acme.test.",
    "'jane@acme.test'",
    "jane@acme",
    "jane at acme.test",
    "jane＠acme.test",
    "jane@acme..test",
  ]) {
    it(`refuse ${JSON.stringify(email)}: its owner would count as gone`, () => {
      expect(() => toPeople([row({ line: 7, email })])).to.throw(/line 7 .*none/s);
    });
  }
});
