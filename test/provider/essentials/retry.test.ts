import { expect } from "chai";
import { delayBeforeRetry, parseRetryAfter, type Cause } from "../../../provider/essentials/retry.ts";

const middle = () => 0.5;

describe("trying again", () => {
  const table: [Cause, "again" | "never", "again" | "never"][] = [
    ["throttled", "again", "again"],
    ["not_sent", "again", "again"],
    ["cut", "again", "never"],
    ["server_error", "again", "never"],
    ["garbled", "again", "never"],
  ];
  for (const [cause, read, write] of table) {
    it(`after ${cause}: a read ${read}, a write ${write}`, () => {
      expect(delayBeforeRetry(cause, "read", 1, undefined) === undefined ? "never" : "again").to.equal(read);
      expect(delayBeforeRetry(cause, "write", 1, undefined) === undefined ? "never" : "again").to.equal(write);
    });
  }

  it("waits twice as long each time, five attempts at most", () => {
    const delays = [1, 2, 3, 4, 5].map((attempt) => delayBeforeRetry("cut", "read", attempt, undefined, middle));
    expect(delays).to.deep.equal([250, 500, 1000, 2000, undefined]);
  });

  it("after 429 goes on longer: twelve attempts, half a minute apart at most", () => {
    const delays = Array.from({ length: 12 }, (_, index) => delayBeforeRetry("throttled", "write", index + 1, undefined, middle));
    expect(delays.at(-1)).to.equal(undefined);
    expect(Math.max(...delays.slice(0, -1).map(Number))).to.equal(30_000);
  });

  it("spreads waits, so that many clients do not come back together", () => {
    expect(delayBeforeRetry("cut", "read", 1, undefined, () => 0)).to.equal(187.5);
    expect(delayBeforeRetry("cut", "read", 1, undefined, () => 1)).to.equal(312.5);
  });

  it("waits as long as the server asks, up to half a minute", () => {
    expect(delayBeforeRetry("throttled", "write", 1, 7000, middle)).to.equal(7000);
    expect(delayBeforeRetry("throttled", "write", 1, 3_600_000, middle)).to.equal(30_000);
  });

  it("reads Retry-After in seconds or as a date, and nothing else", () => {
    expect(parseRetryAfter("2", 0)).to.equal(2000);
    expect(parseRetryAfter(new Date(5000).toUTCString(), 1000)).to.equal(4000);
    expect(parseRetryAfter(new Date(5000).toUTCString(), 9000)).to.equal(0);
    expect(parseRetryAfter("soon", 0)).to.equal(undefined);
    expect(parseRetryAfter(undefined, 0)).to.equal(undefined);
  });
});
