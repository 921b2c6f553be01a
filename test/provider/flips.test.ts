import { expect } from "chai";
import { afterLook, afterWrite, isQuarrel } from "../../provider/flips.ts";

const day = (number: number) => new Date(`2026-11-${number}T03:00:00Z`);
const wrote = afterWrite("functional_account", {}, day(18));
const look = (known: object, type: "end_user" | "functional_account", live: "end_user" | "functional_account", at = day(20)) =>
  afterLook({ ...known, type }, live, at, false);

describe("What the state keeps of a written account", () => {
  it("begins with a write, and says nothing of accounts that were never written", () => {
    expect(wrote).to.deep.equal({ wrote: "functional_account", wroteAt: "2026-11-18T03:00:00.000Z", flips: 0 });
    expect(look({}, "end_user", "functional_account")).to.deep.equal({});
  });

  it("stays while the account is as it was written", () => {
    expect(look(wrote, "functional_account", "functional_account")).to.deep.equal(wrote);
  });

  it("counts a flip once, with the day it was noticed, however often one looks", () => {
    const once = look(wrote, "functional_account", "end_user");
    expect(once).to.deep.equal({ ...wrote, flips: 1, flippedAt: "2026-11-20T03:00:00.000Z" });
    expect(look(once, "end_user", "end_user", day(21))).to.deep.equal(once);
    expect(look(once, "end_user", "functional_account", day(21))).to.deep.equal(once);
  });

  it("goes on counting when the same is written again, and begins anew when something else is", () => {
    const once = look(wrote, "functional_account", "end_user");
    const again = afterWrite("functional_account", once, day(21));
    expect(again).to.deep.include({ flips: 1, wroteAt: "2026-11-21T03:00:00.000Z" });
    expect(look(again, "functional_account", "end_user", day(22))).to.deep.include({ flips: 2, flippedAt: "2026-11-22T03:00:00.000Z" });
    expect(afterWrite("end_user", once, day(21))).to.deep.equal({ wrote: "end_user", wroteAt: "2026-11-21T03:00:00.000Z", flips: 0 });
  });

  it("notes whether the account was exempt from directory sync when it was undone", () => {
    const known = { ...wrote, type: "functional_account" };
    expect(afterLook(known, "end_user", day(20), true)).to.include({ flips: 1, flippedExempt: true });
    expect(afterLook({ ...known, flippedExempt: true }, "end_user", day(20), false)).to.not.have.property("flippedExempt");
  });

  it("forgets after ninety days: the next flip is the first of another story, and a quarrel is over", () => {
    const old = { ...wrote, flips: 2, flippedAt: "2026-08-01T00:00:00.000Z" };
    expect(look(old, "functional_account", "end_user")).to.include({ flips: 1 });
    expect(isQuarrel(old, day(20))).to.equal(false);
    expect(isQuarrel({ ...old, flippedAt: "2026-11-01T00:00:00.000Z" }, day(20))).to.equal(true);
    expect(isQuarrel({ ...old, flips: 1, flippedAt: "2026-11-01T00:00:00.000Z" }, day(20))).to.equal(false);
  });

  it("begins anew with a write after a quarrel: somebody has settled it", () => {
    expect(afterWrite("functional_account", { ...wrote, flips: 2, flippedAt: "x" }, day(21))).to.deep.include({ flips: 0 });
  });
});
