import { expect } from "chai";
import { hashDecisions, type Decision } from "../../../program/policy/decision.ts";
import { judgeWave, wavesSchema, type Wave, type WaveCircumstances } from "../../../program/policy/wave.ts";
import type { ManagedType } from "../../../provider/essentials/schema.ts";
import type { Watched } from "../../../provider/flips.ts";
import { decision } from "../../support/builders.ts";

const leavers = (from: number, to: number): Decision[] =>
  Array.from({ length: to - from }, (_, index) =>
    decision({ email: `Leaver${from + index}@acme.test`, want: "functional_account", rule: "terminated" }),
  );
const now = new Date("2026-11-22T06:00:00Z");
const situation = (overrides: Partial<WaveCircumstances> = {}): WaveCircumstances => ({
  waves: [5, 20],
  last: undefined,
  policyHash: "p",
  written: new Map(),
  sync: {},
  now,
  ...overrides,
});
/** As if a wave was made: those it took are no changes any more, and the state knows when they were written. */
const made = (wave: Wave | undefined, wroteAt = "2026-11-22T02:00:00.000Z") => {
  const wrote = (type: ManagedType): Watched => ({ type, wrote: type, wroteAt, flips: 0 });
  return new Map(Object.entries(wave?.changes ?? {}).map(([address, type]) => [address, wrote(type)]));
};
const without = (decisions: readonly Decision[], wave: Wave | undefined) =>
  decisions.filter(({ email }) => !Object.hasOwn(wave?.changes ?? {}, email.toLowerCase()));

describe("Waves", () => {
  it("take so many changes each, then the rest, and say which it is", () => {
    const all = leavers(0, 40);
    const first = judgeWave(all, situation());
    expect(first.notes).to.deep.equal(["Wave 1 of 3: 5 changes now, 35 wait."]);
    expect([first.waiting.size, Object.keys(first.wave?.changes ?? {}).length, first.wave?.waiting]).to.deep.equal([35, 5, 35]);

    const left = without(all, first.wave);
    const second = judgeWave(left, situation({ last: first.wave!, written: made(first.wave) }));
    expect(second.notes).to.deep.equal(["Wave 2 of 3: 20 changes now, 15 wait."]);

    const third = judgeWave(without(left, second.wave), situation({ last: second.wave!, written: made(second.wave) }));
    expect(third.notes).to.deep.equal(["Wave 3 of 3: 15 changes now, 0 wait."]);
    expect([third.wave, third.waiting.size]).to.deep.equal([undefined, 0]);
  });

  it("take the same accounts in whatever order they come, and not those whose names begin with a", () => {
    const all = leavers(0, 40);
    const taken = judgeWave(all, situation()).wave;
    expect(judgeWave(all.toReversed(), situation()).wave).to.deep.equal(taken);
    expect(Object.keys(taken?.changes ?? {})).to.not.deep.equal(leavers(0, 5).map(({ email }) => email.toLowerCase()));
  });

  it("are one where everything fits, and none where nothing changes or nothing is set", () => {
    const few = judgeWave(leavers(0, 5), situation());
    expect([few.notes, few.wave, few.waiting.size]).to.deep.equal([["Wave 1 of 1: 5 changes now, 0 wait."], undefined, 0]);
    expect(judgeWave([decision()], situation())).to.deep.equal({ waiting: new Map(), notes: [] });
    expect(judgeWave(leavers(0, 40), situation({ waves: [] }))).to.deep.equal({ waiting: new Map(), notes: [] });
  });

  it("do not go on while one of the last wave is to be made again, and make only that", () => {
    const all = leavers(0, 40);
    const { wave } = judgeWave(all, situation());
    const undone = Object.keys(wave!.changes)[0]!;
    const left = [...without(all, wave), ...all.filter(({ email }) => email.toLowerCase() === undone)];
    const again = judgeWave(left, situation({ last: wave!, written: made(wave) }));
    expect(again.notes).to.deep.equal([
      `Wave 1 of 3 is not finished: 1 of its 5 changes are made now, which were not made or did not last (${left.at(-1)!.email}); 35 more wait.`,
    ]);
    expect(again.waiting.has(undone)).to.equal(false);
    expect([again.waiting.size, again.wave]).to.deep.equal([35, wave]);
  });

  it("do not go on while one of the last wave is a conflict", () => {
    const all = leavers(0, 40);
    const { wave } = judgeWave(all, situation());
    const conflict = decision({ email: Object.keys(wave!.changes)[0]!, rule: "conflict", held: true });
    const { notes, waiting } = judgeWave([...without(all, wave), conflict], situation({ last: wave!, written: made(wave) }));
    expect(notes[0]).to.contain("Wave 1 of 3 did not last: somebody else undid 1 of its changes");
    expect(waiting.size).to.equal(35);
  });

  it("wait for the next directory sync, or for the time in which one comes", () => {
    const all = leavers(0, 40);
    const { wave } = judgeWave(all, situation());
    const judge = (sync: WaveCircumstances["sync"], at = now) =>
      judgeWave(without(all, wave), situation({ last: wave!, written: made(wave), sync, now: at })).notes[0];
    const before = new Date("2026-11-22T01:00:00Z");
    expect(judge({ last: before, hours: 12 })).to.equal(
      "Wave 1 of 3 is made, and the next directory sync, due by 2026-11-22T14:00:00.000Z, must leave it as it is first; 35 more wait.",
    );
    expect(judge({ hours: 24 })).to.contain("due by 2026-11-23T02:00:00.000Z");
    expect(judge({ last: new Date("2026-11-22T03:00:00Z"), hours: 12 })).to.match(/^Wave 2 of 3: 20/);
    expect(judge({ last: before, hours: 12 }, new Date("2026-11-22T14:00:00Z"))).to.match(/^Wave 2 of 3: 20/);
    expect(judge({})).to.match(/^Wave 2 of 3: 20/);
  });

  it("begin again with another policy", () => {
    const { wave } = judgeWave(leavers(0, 40), situation());
    const other = judgeWave(leavers(40, 60), situation({ last: wave!, policyHash: "q", written: made(wave) }));
    expect(other.notes).to.deep.equal(["Wave 1 of 2: 5 changes now, 15 wait."]);
    expect(other.wave?.policyHash).to.equal("q");
  });

  it("let who gets a mailbox of their own back go first, within the size of the wave, also while it waits", () => {
    const back = Array.from({ length: 7 }, (_, at) =>
      decision({ email: `back${at}@acme.test`, have: "functional_account", want: "end_user", rule: "rehired" }),
    );
    const all = leavers(0, 40);
    expect(Object.values(judgeWave([...all, ...back], situation()).wave!.changes)).to.deep.equal(Array(5).fill("end_user"));
    const { wave } = judgeWave(all, situation());
    const sync = { last: new Date("2026-11-22T01:00:00Z"), hours: 12 };
    const verdict = judgeWave([...without(all, wave), ...back], situation({ last: wave!, written: made(wave), sync }));
    expect(verdict.notes[0]).to.contain("must leave it as it is first; 5 become end_user meanwhile, and 37 more wait.");
    expect([...verdict.waiting.values()].filter(({ want }) => want === "end_user")).to.have.length(2);
  });

  it("remember the approval they were let pass with, and what of it is left", () => {
    const all = leavers(0, 40);
    const { wave } = judgeWave(all, situation({ approved: "a" }));
    expect(wave).to.include({ approved: "a", rest: hashDecisions(without(all, wave)) });
  });

  it("are whole numbers from 1, also as text", () => {
    expect(wavesSchema.parse(["5", 50])).to.deep.equal([5, 50]);
    for (const wrong of [[0], [1.5], ["many"], [-1]]) expect(wavesSchema.safeParse(wrong).success, String(wrong)).to.equal(false);
  });
});
