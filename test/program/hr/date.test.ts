import { expect } from "chai";
import { addDays, dayIn, needsOrder, readDay } from "../../../program/hr/date.ts";

describe("days", () => {
  for (const text of ["2026-10-31", "2026-10-31T00:00:00Z", "2026-10-31 00:00:00.000", "20261031", " 2026-10-31 "]) {
    it(`"${text}" is 2026-10-31`, () => expect(readDay(text, undefined)).to.equal("2026-10-31"));
  }

  it("with their parts in the order of the stack", () => {
    expect(readDay("10/11/2026", "mdy")).to.equal("2026-10-11");
    expect(readDay("10.11.2026 0:00", "dmy")).to.equal("2026-11-10");
    expect(readDay("10/11/2026", undefined)).to.equal(null);
    expect(readDay("31/10/2026", "mdy")).to.equal(null);
    expect([needsOrder("10/11/2026"), needsOrder("2026-10-11"), needsOrder("00/00/0000")]).to.deep.equal([true, false, false]);
  });

  it("of a moment with an offset are those of the stack's time zone", () => {
    expect(readDay("2026-11-21T23:00:00Z", undefined, "Europe/Berlin")).to.equal("2026-11-22");
    expect(readDay("2026-11-21 23:00:00+00", undefined, "Europe/Berlin")).to.equal("2026-11-22");
    expect(readDay("2026-11-22T01:00:00.000+05:30", undefined, "UTC")).to.equal("2026-11-21");
    expect(readDay("2026-11-22T00:00:00Z", undefined, "America/New_York")).to.equal("2026-11-22");
    expect(readDay("2026-11-22T23:30:00", undefined, "Europe/Berlin")).to.equal("2026-11-22");
  });

  for (const text of ["", "0000-00-00", "-", "9999-12-31", "9999-12-31T00:00:00", "N/A"]) {
    it(`"${text}" is none`, () => expect(readDay(text, "mdy")).to.equal(undefined));
  }

  for (const text of ["45961", "3026-12-31", "0206-12-31", "2999-12-31", "2026-02-30", "10/31/26", "soon", "2026-13-01", "2026-1-1"]) {
    it(`"${text}" is no day`, () => expect(readDay(text, "mdy")).to.equal(null));
  }

  it("are counted over months and years", () => {
    expect(addDays("2026-12-28", 7)).to.equal("2027-01-04");
    expect(addDays("2028-02-28", 1)).to.equal("2028-02-29");
  });

  it("begin at midnight of the stack's time zone", () => {
    const moment = new Date("2026-11-23T02:30:00Z");
    expect(dayIn("UTC", moment)).to.equal("2026-11-23");
    expect(dayIn("America/New_York", moment)).to.equal("2026-11-22");
    expect(dayIn("Pacific/Auckland", new Date("2026-11-22T12:00:00Z"))).to.equal("2026-11-23");
  });
});
