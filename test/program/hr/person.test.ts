import { expect } from "chai";
import { toPeople, type People } from "../../../program/hr/person.ts";
import type { HrRow } from "../../../program/hr/row.ts";
import { feed, reader, row } from "../../support/builders.ts";

const people = (rows: readonly HrRow[], overrides = {}): People => toPeople(feed(rows), reader(overrides));
const short = (read: People) => read.people.map(({ emails, evidence, status }) => [emails.join(" "), evidence, status]);

describe("people", () => {
  it("are rows with the address folded once", () => {
    expect(short(people([row({ email: "  Jane@Acme.TEST " })]))).to.deep.equal([["jane@acme.test", "active", "Active"]]);
  });

  it("take the safest of several rows, whatever their order, and the pair is named", () => {
    const rows = [row({ status: "Terminated", at: 3 }), row({ status: "On leave", at: 9 })];
    for (const order of [rows, rows.toReversed()]) expect(short(people(order))).to.deep.equal([["jane@acme.test", "leave", "On leave"]]);
    expect(people(rows).problems).to.deep.equal([
      'HR lists jane@acme.test 2 times ("Terminated" in line 3, "On leave" in line 9): taken as leave, the safest of them.',
    ]);
  });

  it("take the newest of several that are equally safe, and need no word about it", () => {
    const rows = ["2024-01-31", "2025-01-31", "2023-01-31"].map((terminationDate) => row({ status: "T", terminationDate }));
    expect(people(rows).people[0]).to.include({ lastDay: "2025-01-31" });
    expect(people(rows).problems).to.deep.equal([]);
  });

  it("do not depend on the order of rows that mean the same", () => {
    const rows = [row({ status: "T" }), row({ status: "Retired" })];
    expect(people(rows).people).to.deep.equal(people(rows.toReversed()).people);
  });

  it("are one for one key, under both addresses after a new name", () => {
    const rows = [
      row({ personKey: "7", email: "jane.doe@acme.test", status: "T", terminationDate: "2024-01-31" }),
      row({ personKey: " 7 ", email: "jane.smith@acme.test" }),
    ];
    expect(short(people(rows))).to.deep.equal([["jane.smith@acme.test jane.doe@acme.test", "active", "Active"]]);
  });

  it("are two for two keys, also with one address; rows without a key count for both", () => {
    const rows = [row({ personKey: "1", status: "T" }), row({ personKey: "2", status: "T" }), row({ status: "Active" })];
    expect(short(people(rows))).to.deep.equal([
      ["jane@acme.test", "active", "Active"],
      ["jane@acme.test", "active", "Active"],
    ]);
  });

  it("do not take a placeholder for a key", () => {
    const rows = ["N/A", "0", "-", ""].map((personKey, index) => row({ personKey, email: `${index}@acme.test` }));
    expect(people(rows).people).to.have.length(4);
  });

  it("refuse a key that stands for everybody", () => {
    const rows = Array.from({ length: 30 }, (_, index) => row({ personKey: "ACME", email: `${index}@acme.test`, at: index }));
    expect(() => people(rows))
      .to.throw("One key stands for more than 20 addresses")
      .with.property("message")
      .not.contain("ACME");
  });

  it("have the codes of the rows that decide", () => {
    const rows = [row({ status: "T", companyCode: "1" }), row({ companyCode: "2" }), row({ companyCode: "3" })];
    expect(people(rows).people[0]?.codes.map(({ companyCode }) => companyCode)).to.have.members(["2", "3"]);
  });

  it("leave out rows without an address, and count them", () => {
    const { people: found, withoutAddress } = people([row({ email: "" }), row({ email: " N/A" }), row({ email: "-" }), row()]);
    expect([found.length, withoutAddress]).to.deep.equal([1, 3]);
  });

  it("take a row without an address for its key's", () => {
    expect(short(people([row({ personKey: "1", status: "T" }), row({ personKey: "1", email: "" })]))).to.deep.equal([
      ["jane@acme.test", "active", "Active"],
    ]);
  });

  for (const email of ["o'brien@acme.test", "a+b#c/d@mail.acme.test", "jörg@müller.example", "用户@例子.test"]) {
    it(`take ${email} for an address`, () => expect(people([row({ email })]).people).to.have.length(1));
  }

  it("are refused where no row has an address: everybody would count as gone", () => {
    expect(() => people([row({ email: "" }), row({ email: "n/a" })])).to.throw("None of the 2 lines of the HR feed hr.csv has an address");
  });

  it("are refused where dates can be read in two ways, until the stack says which comes first", () => {
    const rows = [row(), row({ at: 7, status: "T", email: "john@acme.test", terminationDate: "10/11/2026" })];
    expect(() => people(rows))
      .to.throw('The date "10/11/2026" in line 7 of the HR feed hr.csv does not say which part')
      .with.property("message")
      .contain("proofpoint:hr.dateOrder mdy");
    expect(people(rows, { dateOrder: "dmy" }).people[1]).to.include({ lastDay: "2026-11-10" });
  });

  it("are refused where a date contradicts the order the stack says", () => {
    const rows = [row({ status: "T", terminationDate: "05/12/2026" }), row({ at: 9, status: "T", terminationDate: "31/10/2026" })];
    expect(() => people(rows, { dateOrder: "mdy" }))
      .to.throw('The date "31/10/2026" in line 9')
      .with.property("message")
      .contain("is one the other way round");
  });

  it("take the primary position's words where several are equally safe and new", () => {
    const rows = [row({ status: "A" }), row({ status: "Employed", primary: "Yes" }), row({ status: "Active" })];
    expect(people(rows).people[0]).to.include({ status: "Employed" });
  });

  it("keep every kind of leave, and say so", () => {
    const rows = [row({ status: "L", leaveType: "Parental" }), row({ status: "L", leaveType: "Garden", at: 3 })];
    const read = people(rows);
    expect(read.people[0]?.leaveKinds).to.have.members(["Parental", "Garden"]);
    expect(read.problems[0]).to.contain('"Parental" in line 2, "Garden" in line 3');
  });

  it("are read in good time, however many rows share an address", () => {
    const many = (personKey: (index: number) => string) =>
      Array.from({ length: 5_000 }, (_, index) => row({ personKey: personKey(index), status: "T", at: index }));
    const started = Date.now();
    const read = people([...many((index) => `k${index}`), ...many(() => ""), row({ status: "Active" })]);
    expect(Date.now() - started).to.be.lessThan(2_000);
    expect(new Set(read.people.map(({ evidence }) => evidence))).to.deep.equal(new Set(["active"]));
    expect(Math.max(...read.problems.map((problem) => problem.length))).to.be.lessThan(400);
  });

  it("put no line ends and control characters of HR into a problem", () => {
    const [problem] = people([row(), row({ status: "Act\n## x\u001b[2J" })]).problems;
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
    '=HYPERLINK("mailto:jane@acme.test")',
    "jane@acme",
    "jane at acme.test",
    "jane＠acme.test",
    "j\uFFFDrg@acme.test",
    "jane@acme..test",
  ]) {
    it(`refuse the row with ${JSON.stringify(email)}, by its line, and go on`, () => {
      const read = people([row({ at: 7, email }), row({ email: "john@acme.test" })]);
      expect(read.people).to.have.length(1);
      expect(read.refused.map(({ where }) => where)).to.deep.equal(["line 7"]);
      expect(read.problems[0]).to.match(/line 7 was refused: ".*" is no e-mail address/);
    });
  }

  it("count a refused row for its key too, where another row has the address", () => {
    const read = people([row({ personKey: "1", status: "T" }), row({ personKey: "1", at: 7, email: "slipped" })]);
    expect(short(read)).to.deep.equal([["jane@acme.test", "active", "Active"]]);
    expect(read.refused.map(({ where }) => where)).to.deep.equal(["line 7"]);
    expect(read.problems[1]).to.contain("by its key it counts for jane@acme.test too");
  });
});
