import { expect } from "chai";
import { Pace } from "../../../provider/essentials/pace.ts";

const noWait = async () => undefined;

/** Sends `count` requests that all answer at the next turn, and returns the most that were under way at once. */
async function send(pace: Pace, count: number): Promise<number> {
  let underWay = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: count }, () =>
      pace
        .run(async () => {
          most = Math.max(most, ++underWay);
          await new Promise((resolve) => setImmediate(resolve));
          underWay--;
        })
        .then(() => pace.succeeded()),
    ),
  );
  return most;
}

describe("pace", () => {
  it("starts with two requests and grows to the most allowed, never beyond", async () => {
    const pace = new Pace(5, noWait);
    expect(pace.concurrency).to.equal(2);
    expect(await send(pace, 2)).to.equal(2);
    expect(await send(pace, 50)).to.equal(5);
    expect(pace.concurrency).to.equal(5);
  });

  it("never has more than one where only one is allowed", async () => {
    expect(await send(new Pace(1, noWait), 10)).to.equal(1);
  });

  it("halves when the API says it is too much, and then grows by one a round", async () => {
    let nowMs = 0;
    const pace = new Pace(8, noWait, () => nowMs);
    await send(pace, 50);
    pace.throttled(0, nowMs);
    expect(pace.concurrency).to.equal(4);
    await send(pace, 4);
    expect(pace.concurrency).to.equal(5);
    for (const expected of [2, 1, 1]) {
      pace.throttled(0, ++nowMs);
      expect(pace.concurrency).to.equal(expected);
    }
  });

  it("halves once for a burst of 429s", async () => {
    let nowMs = 0;
    const pace = new Pace(8, noWait, () => nowMs);
    await send(pace, 50);
    const sentAtMs = nowMs;
    for (let answer = 0; answer < 8; answer++) {
      nowMs++;
      pace.throttled(0, sentAtMs);
    }
    expect(pace.concurrency).to.equal(4);
  });

  it("lets nobody through while the API asked for a pause", async () => {
    let nowMs = 1000;
    const waits: number[] = [];
    const pace = new Pace(
      8,
      async (ms) => {
        waits.push(ms);
        nowMs += ms;
      },
      () => nowMs,
    );
    pace.throttled(3000, nowMs);
    await send(pace, 2);
    expect(waits).to.deep.equal([3000]);
  });
});
