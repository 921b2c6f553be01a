import { expect } from "chai";
import { ClockSkew } from "../../../provider/essentials/clockSkew.ts";
import { createApi, closeApis } from "../../support/api.ts";

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);

describe("The clock beside the API's", () => {
  afterEach(closeApis);

  function skew(date: unknown, sent: string, got: string): number | undefined {
    const clock = new ClockSkew();
    clock.hear(date, at(sent), at(got));
    return clock.ms;
  }
  const date = "Sun, 22 Nov 2026 10:00:00 GMT";

  it("agrees where the answer can have been written between question and arrival", () => {
    expect(skew(date, "09:59:59.500", "10:00:00.100")).to.equal(0);
    expect(skew(date, "10:00:00.900", "10:00:01.000")).to.equal(0);
  });

  it("is ahead or behind by what cannot be explained otherwise", () => {
    expect(skew(date, "10:10:01.000", "10:10:02.000")).to.equal(600_000);
    expect(skew(date, "09:49:59.000", "09:50:00.000")).to.equal(-600_000);
  });

  it("is not known before an answer with a date", async () => {
    expect(skew(undefined, "10:00:00.000", "10:00:00.000")).to.equal(undefined);
    const { essentials } = await createApi();
    expect(essentials.clockSkewMs()).to.equal(undefined);
  });
});
