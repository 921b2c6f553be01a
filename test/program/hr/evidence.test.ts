import { expect } from "chai";
import { bySafety, evidences, readEvidence, type Reading } from "../../../program/hr/evidence.ts";
import type { HrRow } from "../../../program/hr/row.ts";
import { reader, row, today } from "../../support/builders.ts";

const tomorrow = "2026-11-23";
const yesterday = "2026-11-21";

describe("evidence", () => {
  const says = (fields: Partial<HrRow>, words = {}) => readEvidence(row(fields), reader({ words }));

  it("decides on the code and shows the label", () => {
    expect(says({ status: "T", statusLabel: "Retired" })).to.deep.equal({ evidence: "terminated", status: "Retired" });
    expect(says({ status: "", statusLabel: "Active" })).to.deep.equal({ evidence: "active", status: "Active" });
    expect(says({ status: "X9", statusLabel: "Active" }).evidence).to.equal("unknown");
  });

  it("is active from the hire date on, and pending before", () => {
    expect(says({ hireDate: today }).evidence).to.equal("active");
    expect(says({ hireDate: tomorrow })).to.deep.equal({ evidence: "pending", status: "Active", effective: tomorrow });
    expect(says({ status: "Hired", hireDate: yesterday }).evidence).to.equal("active");
    expect(says({ status: "Hired", hireDate: tomorrow }).evidence).to.equal("pending");
  });

  it("stays active where only the second of two hire dates is to come", () => {
    expect(says({ hireDate: "2019-01-01", rehireDate: tomorrow }).evidence).to.equal("active");
  });

  it("stays active whatever a termination date says: the status is what HR maintains", () => {
    expect(says({ terminationDate: "2024-01-31", hireDate: "2019-01-01", rehireDate: "2025-02-01" }).evidence).to.equal("active");
    expect(says({ terminationDate: yesterday }).evidence).to.equal("active");
  });

  it("is leaving until the last day is over", () => {
    expect(says({ status: "T", terminationDate: tomorrow })).to.deep.equal({
      evidence: "leaving",
      status: "T",
      effective: tomorrow,
      terminated: tomorrow,
      lastDay: tomorrow,
    });
    expect(says({ status: "T", terminationDate: today }).evidence).to.equal("leaving");
    expect(says({ status: "T", terminationDate: yesterday }).evidence).to.equal("terminated");
  });

  it("counts the later of last day and termination, and the status date where there is neither", () => {
    expect(says({ status: "T", terminationDate: yesterday, lastDay: tomorrow })).to.include({ evidence: "leaving", lastDay: tomorrow });
    expect(says({ status: "T", terminationDate: yesterday, lastDay: "2026-10-01" })).to.include({
      terminated: yesterday,
      lastDay: yesterday,
    });
    expect(says({ status: "T", lastDay: "2026-10-01" })).to.not.have.property("terminated");
    expect(says({ status: "T", statusEffective: tomorrow }).evidence).to.equal("leaving");
    expect(says({ status: "T", lastDay: "2026-10-28", statusEffective: tomorrow })).to.include({ evidence: "leaving", lastDay: tomorrow });
    expect(says({ status: "T", lastDay: "2026-10-28", terminationDate: yesterday, statusEffective: tomorrow }).evidence).to.equal(
      "terminated",
    );
  });

  it("is rehired where a hire comes after the last day, and pending where that is to come", () => {
    expect(says({ status: "T", terminationDate: "2024-01-31", rehireDate: "2025-02-01" })).to.deep.equal({
      evidence: "rehired",
      status: "T",
      effective: "2025-02-01",
    });
    expect(says({ status: "T", terminationDate: "2024-01-31", rehireDate: tomorrow })).to.include({
      evidence: "pending",
      effective: tomorrow,
    });
    expect(says({ status: "T", terminationDate: "2026-01-31", hireDate: "2019-01-01" }).evidence).to.equal("terminated");
    expect(says({ status: "Inactive", hireDate: tomorrow }, { inactive: "terminated" }).evidence).to.equal("pending");
  });

  it("is unknown where a date that matters is none, and says which", () => {
    expect(says({ status: "T", terminationDate: "45961" })).to.deep.equal({
      evidence: "unknown",
      status: "T",
      doubt: 'the termination date "45961", which is no date',
    });
    expect(says({ hireDate: "45961" }).evidence).to.equal("active");
    expect(says({ status: "Hired", hireDate: "Jan 5th 2027" })).to.include({
      evidence: "unknown",
      doubt: 'the hire date "Jan 5th 2027", which is no date',
    });
  });

  it("has a leave's kind and beginning", () => {
    expect(says({ status: "L", leaveType: "Parental", leaveStart: "2026-10-01" })).to.deep.equal({
      evidence: "leave",
      status: "L",
      leaveKind: "Parental",
      effective: "2026-10-01",
    });
    expect(says({ status: "LOA" }).leaveKind).to.equal("LOA");
  });

  it("is active before a leave begins and after it ends", () => {
    for (const fields of [{ leaveStart: tomorrow }, { leaveStart: "2026-01-01", leaveReturn: today }])
      expect(says({ status: "L", ...fields })).to.deep.equal({ evidence: "active", status: "L" });
    expect(says({ status: "L", leaveStart: today, leaveReturn: tomorrow }).evidence).to.equal("leave");
  });

  it("takes a second hire on the last day for one, and a first for somebody who never came", () => {
    expect(says({ status: "T", terminationDate: yesterday, rehireDate: yesterday }).evidence).to.equal("rehired");
    expect(says({ status: "T", terminationDate: yesterday, hireDate: yesterday }).evidence).to.equal("terminated");
  });

  it("takes dates of no time for none", () => {
    for (const terminationDate of ["1900-01-01", "0001-01-01T00:00:00Z", "9999-12-31"])
      expect(says({ status: "T", hireDate: "2019-01-01", terminationDate })).to.deep.equal({ evidence: "terminated", status: "T" });
  });

  it("counts the safest first, then the newest, whatever the order", () => {
    const readings: Reading[] = [
      ...evidences.map((evidence) => ({ evidence, status: "x" })),
      { evidence: "terminated", status: "x", lastDay: "2026-01-01" },
      { evidence: "terminated", status: "x", lastDay: "2026-02-01" },
    ];
    const order = readings.toReversed().sort(bySafety);
    expect(order.map(({ evidence }) => evidence)).to.deep.equal([
      ...evidences.slice(0, 6),
      "terminated",
      "terminated",
      "terminated",
      "deceased",
    ]);
    expect(order.slice(6, 9).map(({ lastDay }) => lastDay)).to.deep.equal(["2026-02-01", "2026-01-01", undefined]);
  });
});
