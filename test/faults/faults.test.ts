import { expect } from "chai";
import { campaign, runCases } from "./campaign.ts";

// A fixed seed tests the same moments in every run; `npm run faults` takes others.
const cases = campaign(20261122);

describe("Whatever goes wrong, on the real engine", function () {
  // Each waits for those before it.
  this.timeout(1_200_000);
  let outcomes: ReturnType<typeof runCases>;
  before(() => {
    outcomes = runCases(cases, 3);
  });
  after(async () => {
    const held = (await Promise.all(outcomes)).filter(({ faults }) => faults.length === 0).length;
    console.log(`    ${cases.length} tried, ${held} held`);
  });

  for (const [index, { group, name }] of cases.entries()) {
    it(`${group}: ${name}`, async () => {
      expect((await outcomes[index])?.faults).to.deep.equal([]);
    });
  }
});
