import { expect } from "chai";
import { evidences, readStatus, saferEvidence } from "../../../program/hr/status.ts";

describe("status words", () => {
  const expected = {
    active: ["Active", " ACTIVE ", "A", "Employed", "On  Probation", "hired"],
    leave: ["Leave", "On Leave", "L", "LOA"],
    pending: ["Pending", "Pre-Hire", "accepted"],
    terminated: ["Terminated", "T", "D", "Deceased", "retired", "Resigned", "R", "separated", "FORMER"],
    unknown: ["Inactive", "Furlough", "", "0", "activ"],
  } as const;
  for (const [evidence, words] of Object.entries(expected)) {
    it(`${words.map((word) => JSON.stringify(word)).join(", ")} mean ${evidence}`, () => {
      expect(words.map(readStatus)).to.deep.equal(words.map(() => evidence));
    });
  }

  it("go from active over leave, pending and unknown to terminated when two disagree", () => {
    for (const [index, safer] of evidences.entries()) {
      for (const other of evidences.slice(index)) {
        expect(saferEvidence(safer, other)).to.equal(safer);
        expect(saferEvidence(other, safer)).to.equal(safer);
      }
    }
  });
});
