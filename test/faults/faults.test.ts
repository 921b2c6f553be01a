import { expect } from "chai";
import { allCases, Campaign, canTry } from "./campaign.ts";

// A fixed seed tests the same moments in every run; `npm run faults` takes others.
const cases = allCases(20261122).filter(canTry);

describe("Whatever goes wrong, on the real engine", function () {
  this.timeout(180_000);
  const campaign = new Campaign(cases, 3);
  let tried = 0;
  let held = 0;
  after(async () => {
    await campaign.close();
    console.log(`    ${tried} tried, ${held} held`);
  });

  for (const [index, { group, name }] of cases.entries()) {
    it(`${group}: ${name}`, async () => {
      // The next ones begin already.
      for (let ahead = 0; ahead < campaign.lanes; ahead++)
        if (cases[index + ahead]) void campaign.outcome(index + ahead).catch(() => undefined);
      tried++;
      expect((await campaign.outcome(index)).faults).to.deep.equal([]);
      held++;
    });
  }
});
