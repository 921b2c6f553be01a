import { expect } from "chai";
import { createVocabulary } from "../../../program/hr/status.ts";

describe("status words", () => {
  const expected = {
    active: ["Active", " ACTIVE ", "A", "Employed", "On  Probation"],
    hired: ["hired"],
    leave: ["Leave", "On Leave", "L", "LOA"],
    pending: ["Pending", "Pre-Hire", "accepted"],
    terminated: ["Terminated", "T", "retired", "Resigned", "Released", "R", "separated", "FORMER"],
    deceased: ["D", "Deceased"],
    unknown: ["Inactive", "Furlough", "", "0", "activ"],
  } as const;
  for (const [meaning, words] of Object.entries(expected)) {
    it(`${words.map((word) => JSON.stringify(word)).join(", ")} mean ${meaning}`, () => {
      expect(words.map(createVocabulary())).to.deep.equal(words.map(() => meaning));
    });
  }

  it("are extended and overridden by those of the source, and those by the stack's", () => {
    const read = createVocabulary({ inactive: "leave", R: "leave" }, { Inactive: "terminated", "laid  off": "unknown" });
    expect(["inactive", "r", "Laid off", "active"].map(read)).to.deep.equal(["terminated", "leave", "unknown", "active"]);
  });
});
