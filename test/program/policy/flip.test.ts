import { expect } from "chai";
import type { Watched } from "../../../provider/flips.ts";
import { decide } from "../../../program/policy/decide.ts";
import { needsExemption } from "../../../program/policy/decision.ts";
import { findFlips, findQuarrels, tellFlip, type Flips } from "../../../program/policy/flip.ts";
import { circumstances, matchAll, person, user } from "../../support/builders.ts";

const now = new Date("2026-11-22T06:10:30Z");
const wroteAt = "2026-11-19T03:00:00.000Z";
const watched = (overrides: Partial<Watched> = {}): Watched => ({
  type: "functional_account",
  wrote: "functional_account",
  wroteAt,
  flips: 0,
  ...overrides,
});
const flipsOf = (known: Watched, type: "end_user" | "functional_account" = "end_user") =>
  findFlips([user({ email: "Jane@acme.test", type })], new Map([["jane@acme.test", known]]), now);
const undoneTwice = watched({ flips: 1, flippedAt: "2026-11-18T01:00:00.000Z" });

describe("A flip", () => {
  it("is an account that is not as it was last written", () => {
    expect([...flipsOf(watched())]).to.deep.equal([
      [
        "jane@acme.test",
        { wrote: "functional_account", wroteAt: new Date(wroteAt), count: 1, noticedAt: now, exempt: false, quarrel: false },
      ],
    ]);
    expect(flipsOf(watched(), "functional_account").size).to.equal(0);
    expect(findFlips([user()], new Map(), now).size).to.equal(0);
  });

  it("that the last run counted already is not counted again", () => {
    const noticedAt = "2026-11-20T03:00:00.000Z";
    const flip = flipsOf(watched({ type: "end_user", flips: 1, flippedAt: noticedAt })).get("jane@acme.test");
    expect(flip).to.include({ count: 1 });
    expect(flip?.noticedAt.toISOString()).to.equal(noticedAt);
  });

  it("names directory sync where its last run lies between the write and the look, somebody else where it lies before, and nobody where that is not known", () => {
    const flip = flipsOf(undoneTwice).get("jane@acme.test")!;
    const tell = (sync?: string) => tellFlip(flip, sync === undefined ? undefined : new Date(sync));
    expect(tell("2026-11-20T02:00:00Z")).to.equal("Entra sync turned it back on 2026-11-20 02:00 UTC, second time");
    expect(tell("2026-11-18T02:00:00Z")).to.equal("somebody else turned it back, noticed on 2026-11-22 06:10 UTC, second time");
    const unknown = "it was turned back, noticed on 2026-11-22 06:10 UTC, second time";
    expect(tell()).to.equal(unknown);
    expect(tell("2026-11-22T07:00:00Z")).to.equal(unknown);
    expect(tellFlip({ ...flip, count: 4 }, undefined)).to.match(/4th time$/);
  });
});

describe("A conflict", () => {
  const jane = user({ email: "Jane@acme.test" });
  const decideWith = (flips: Flips, evidence: "terminated" | "active" = "terminated", quarrels: ReadonlySet<string> = new Set()) => {
    const people = [person({ evidence, status: "X" })];
    return decide(matchAll([jane], people).matched, { ...circumstances(), flips, quarrels, lastSync: new Date("2026-11-20T02:00:00Z") });
  };
  const quarrels = (flips: Flips, settled = false, evidence: "terminated" | "active" = "terminated") => [
    ...findQuarrels(decideWith(flips, evidence), flips, () => settled),
  ];

  it("is not the first flip: it is written again, and the reason says so", () => {
    const flips = flipsOf(watched());
    expect(quarrels(flips)).to.deep.equal([]);
    const [decision] = decideWith(flips);
    expect(decision).to.include({ want: "functional_account", rule: "terminated" });
    expect(decision?.reason).to.match(/; Entra sync turned it back on 2026-11-20 02:00 UTC, first time$/);
  });

  it("is the second one: the account is held, and the reason names both sides", () => {
    const flips = flipsOf(undoneTwice);
    expect(quarrels(flips)).to.deep.equal(["jane@acme.test"]);
    expect(decideWith(flips, "terminated", new Set(["jane@acme.test"]))[0]).to.deep.include({
      have: "end_user",
      want: "end_user",
      rule: "conflict",
      held: true,
      reason: "was made functional_account here and is end_user: Entra sync turned it back on 2026-11-20 02:00 UTC, second time",
    });
  });

  it("is none where it is settled, or where HR agrees with the other side by now", () => {
    const flips = flipsOf(undoneTwice);
    expect(quarrels(flips, true)).to.deep.equal([]);
    expect(quarrels(flips, false, "active")).to.deep.equal([]);
    expect(decideWith(flips, "active")[0]?.reason).to.equal('is active in HR (status "X")');
  });

  it("keeps the exemption of a leaver, and gives none to somebody who is kept from coming back", () => {
    expect(needsExemption({ want: "end_user", rule: "conflict" })).to.equal(true);
    expect(needsExemption({ want: "functional_account", rule: "conflict" })).to.equal(false);
  });
});
