import { expect } from "chai";
import { describeDay, judgeDay, WrongDay } from "../../program/today.ts";

describe("The day", () => {
  const now = new Date("2026-11-23T02:30:00Z");

  it("is today's in the stack's time zone", () => {
    expect(judgeDay({ timeZone: "UTC" }, now, false)).to.equal("2026-11-23");
    expect(judgeDay({ timeZone: "America/New_York" }, now, false)).to.equal("2026-11-22");
    expect(describeDay({})).to.deep.equal([]);
  });

  it("is another for a what-if preview, and the report says so", () => {
    const settings = { timeZone: "UTC", today: "2026-12-31" };
    expect(judgeDay(settings, now, true)).to.equal("2026-12-31");
    expect(describeDay(settings)).to.deep.equal(["What if: 2026-12-31 is taken for today (proofpoint:today)."]);
  });

  it("is never another for an up", () => {
    expect(() => judgeDay({ timeZone: "UTC", today: "2026-11-24" }, now, false))
      .to.throw(WrongDay)
      .with.property("message")
      .contain("pulumi config rm proofpoint:today");
    expect(() => judgeDay({ timeZone: "UTC", today: "2026-11-01" }, now, false)).to.throw(WrongDay);
    expect(judgeDay({ timeZone: "UTC", today: "2026-11-23" }, now, false)).to.equal("2026-11-23");
  });
});
