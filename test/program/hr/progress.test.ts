import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { watchRead } from "../../../program/hr/progress.ts";

describe("A read", () => {
  it("that is quick needs no word", async () => {
    const said: string[] = [];
    expect(
      await watchRead(
        async () => 42,
        (line) => said.push(line),
      ),
    ).to.equal(42);
    expect(said).to.deep.equal([]);
  });

  it("that takes long says where it is, until it ends, also where it fails", async () => {
    const said: string[] = [];
    const read = watchRead(
      async (progress) => {
        await sleep(30);
        progress(300);
        await sleep(40);
        throw new Error("lost");
      },
      (line) => said.push(line),
      20,
    );
    await read.catch(() => undefined);
    const count = said.length;
    expect(said[0]).to.equal("Reading HR data: nothing yet, 0 s.");
    expect(said.at(-1)).to.equal("Reading HR data: 300 records so far, 0 s.");
    await sleep(40);
    expect(said).to.have.length(count);
  });
});
