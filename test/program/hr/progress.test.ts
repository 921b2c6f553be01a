import { expect } from "chai";
import { createProgress } from "../../../program/hr/progress.ts";

describe("progress", () => {
  it("is silent for two seconds, then says every two where a read is", () => {
    const said: string[] = [];
    let now = 0;
    const progress = createProgress(
      (line) => said.push(line),
      () => now,
    );
    for (const [time, records] of [
      [500, 100],
      [1_900, 200],
      [2_100, 300],
      [3_000, 400],
      [4_200, 500],
    ] as const) {
      now = time;
      progress(records);
    }
    expect(said).to.deep.equal(["Reading HR data: 300 records so far, 2 s.", "Reading HR data: 500 records so far, 4 s."]);
  });
});
