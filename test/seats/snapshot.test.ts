import { expect } from "chai";
import { billingSchema, nextSnapshot } from "../../seats/snapshot.ts";

const next = (now: string, timeZone = "UTC", billing: object = {}) =>
  nextSnapshot(billingSchema.parse({ snapshotDay: 19, ...billing }), timeZone, new Date(now));

describe("The next snapshot", () => {
  it("is this month's until twenty minutes before it, then next month's", () => {
    expect(next("2026-11-18T23:39:00Z").at.toISOString()).to.equal("2026-11-19T00:00:00.000Z");
    expect(next("2026-11-18T23:39:00Z").countsBy.toISOString()).to.equal("2026-11-18T23:40:00.000Z");
    expect(next("2026-11-18T23:40:00Z").at.toISOString()).to.equal("2026-12-19T00:00:00.000Z");
    expect(next("2026-11-18T12:00:00Z", "UTC", { settlingMinutes: "90" }).countsBy.toISOString()).to.equal("2026-11-18T22:30:00.000Z");
    expect(next("2026-12-31T12:00:00Z").at.toISOString()).to.equal("2027-01-19T00:00:00.000Z");
  });

  it("is at that time where the distributor is, summer and winter", () => {
    expect(next("2026-07-01T00:00:00Z", "America/New_York").at.toISOString()).to.equal("2026-07-19T04:00:00.000Z");
    expect(next("2026-12-01T00:00:00Z", "America/New_York").at.toISOString()).to.equal("2026-12-19T05:00:00.000Z");
    // It is still the 18th there.
    expect(next("2026-11-19T03:00:00Z", "America/Los_Angeles").at.toISOString()).to.equal("2026-11-19T08:00:00.000Z");
    expect(next("2026-11-01T00:00:00Z", "Asia/Kolkata", { time: "06:30" }).at.toISOString()).to.equal("2026-11-19T01:00:00.000Z");
  });

  it("on a day the clocks change is at the time they show", () => {
    expect(next("2026-03-01T00:00:00Z", "Europe/Berlin", { snapshotDay: 29, time: "12:00" }).at.toISOString()).to.equal(
      "2026-03-29T10:00:00.000Z",
    );
    expect(next("2026-10-01T00:00:00Z", "Europe/Berlin", { snapshotDay: 25 }).at.toISOString()).to.equal("2026-10-24T22:00:00.000Z");
  });

  it("is the earlier moment where the clock shows that time twice, or never", () => {
    const on = (timeZone: string, month: string, snapshotDay: number, time: string) =>
      next(`2026-${month}-01T12:00:00Z`, timeZone, { snapshotDay, time }).at.toISOString();
    expect(on("Europe/Berlin", "03", 29, "02:30")).to.equal("2026-03-29T00:30:00.000Z");
    expect(on("America/New_York", "03", 8, "02:30")).to.equal("2026-03-08T06:30:00.000Z");
    expect(on("Europe/Berlin", "10", 25, "02:30")).to.equal("2026-10-25T00:30:00.000Z");
    expect(on("America/New_York", "11", 1, "01:30")).to.equal("2026-12-01T06:30:00.000Z");
    expect(on("America/New_York", "03", 8, "01:59")).to.equal("2026-03-08T06:59:00.000Z");
    expect(on("America/New_York", "03", 8, "03:00")).to.equal("2026-03-08T07:00:00.000Z");
  });

  it("is the last day of a month that does not have it", () => {
    expect(next("2027-02-01T00:00:00Z", "UTC", { snapshotDay: 31 }).at.toISOString()).to.equal("2027-02-28T00:00:00.000Z");
    expect(next("2028-02-01T00:00:00Z", "UTC", { snapshotDay: 30 }).at.toISOString()).to.equal("2028-02-29T00:00:00.000Z");
  });

  it("is refused where it is none", () => {
    for (const wrong of [{ snapshotDay: 0 }, { snapshotDay: 32 }, { time: "24:00" }, { time: "9" }, { timeZone: "Mars/Base" }, { day: 1 }])
      expect(billingSchema.safeParse({ snapshotDay: 19, ...wrong }).success, JSON.stringify(wrong)).to.equal(false);
  });
});
