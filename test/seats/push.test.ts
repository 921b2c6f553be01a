import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { lastSent, LedgerError, openLedger, type Entry } from "../../seats/ledger.ts";
import { planPush, push } from "../../seats/push.ts";
import type { Line } from "../../seats/reconcile.ts";
import { createSynthesizeClient, type Synthesize as Client } from "../../seats/synthesize/client.ts";
import { createSendToSynthesize } from "../../seats/synthesize/send.ts";
import { createSynthesize, type Synthesize } from "../../simulator/synthesize/synthesize.ts";
import { rejection } from "../support/api.ts";

const now = () => new Date("2026-11-22T06:00:00Z");
const line = (account: string, used: number, service = "s1"): Line => ({
  account,
  accountName: account,
  service,
  package: "Professional",
  organisations: [`${account}.test`],
  used,
  delta: used,
  kind: "new revenue",
  effective: "2026-12-01",
});
const entry = (account: string, seats: number, overrides: Partial<Entry> = {}): Entry => ({
  at: "2026-11-20T06:00:00.000Z",
  account,
  service: "s1",
  seats,
  outcome: "sent",
  integration: "o1",
  ...overrides,
});
const plan = (lines: readonly Line[], entries: readonly Entry[] = [], options = {}) => planPush({ lines }, entries, options);

describe("What is to be pushed", () => {
  it("is what differs from what was sent last, and a zero for what is no longer there", () => {
    const { counts } = plan([line("a", 10), line("b", 5), line("c", 0)], [entry("a", 9), entry("b", 4), entry("b", 5), entry("d", 3)]);
    expect(counts).to.deep.equal([
      { account: "a", service: "s1", seats: 10, before: 9 },
      { account: "c", service: "s1", seats: 0 },
      { account: "d", service: "s1", seats: 0, before: 3 },
    ]);
    expect(plan([line("a", 10)], [entry("a", 10), entry("d", 0)]).counts).to.deep.equal([]);
  });

  it("moves the seats with the package, and leaves no stale count", () => {
    const { counts, violations } = plan([line("a", 10, "s2")], [entry("a", 10)]);
    expect(counts.map(({ service, seats }) => [service, seats])).to.deep.equal([
      ["s2", 10],
      ["s1", 0],
    ]);
    expect(violations).to.deep.equal([]);
  });

  it("that was not taken last time is sent again, and zeros are left out where the other side takes none", () => {
    expect(plan([line("a", 10)], [entry("a", 10, { outcome: "unmapped" })]).counts).to.have.length(1);
    const { counts, stale } = plan([line("a", 10)], [entry("a", 10), entry("d", 3)], { zero: false });
    expect([counts, stale]).to.deep.equal([[], [{ account: "d", service: "s1", seats: 0, before: 3 }]]);
  });

  it("needs an approval where more than a fifth would go, of all or of one account, or an account to nothing", () => {
    const violations = (now: Record<string, number>, before: Record<string, number>) =>
      plan(
        Object.entries(now).map(([account, used]) => line(account, used)),
        Object.entries(before).map(([account, seats]) => entry(account, seats)),
      ).violations;
    expect(violations({ a: 80, b: 0 }, { a: 80, b: 20 })).to.deep.equal(["Account b would fall from 20 to 0."]);
    expect(violations({ a: 79, b: 20 }, { a: 105, b: 20 })).to.deep.equal([
      "26 of 125 seats would go, more than 20 %.",
      "Account a would fall from 105 to 79.",
    ]);
    expect(violations({ a: 85, b: 20 }, { a: 105, b: 20 })).to.deep.equal([]);
    expect(violations({ a: 1, b: 500 }, { a: 400, c: 0 }), "rises make up for nothing").to.have.length(2);
    expect(violations({ a: 1, b: 2000 }, { a: 400, b: 2000 }), "one large customer").to.deep.equal(["Account a would fall from 400 to 1."]);
    expect(violations({ a: 3 }, { a: 4, b: 10, c: 0 })).to.have.length(2);
    expect(violations({ a: 0 }, {})).to.deep.equal([]);
  });

  it("adds up to what is counted, for everything that was ever sent", () => {
    const lines = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("s1", "s2"), fc.nat(100)), {
      selector: ([account, service]) => account + service,
    });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const entries = before.map(([account, service, seats]) => entry(account, seats, { service }));
        const wanted = after.map(([account, service, seats]) => line(account, seats, service));
        const sent = plan(wanted, entries).counts.map(({ account, service, seats }) => entry(account, seats, { service }));
        const stands = [...lastSent([...entries, ...sent]).values()];
        const sum = (of: readonly { readonly seats?: number; readonly used?: number }[]) =>
          of.reduce((all, { seats, used }) => all + (seats ?? used ?? 0), 0);
        expect(sum(stands)).to.equal(sum(wanted));
        expect(plan(wanted, [...entries, ...sent]).counts).to.deep.equal([]);
      }),
    );
  });
});

describe("Pushing to Synthesize", () => {
  const names = ["a", "b", "c", "d", "e"];
  let folder: string;
  let simulator: Synthesize;
  let client: Client;
  const path = () => join(folder, "ledger.jsonl");
  const lines = names.map((name, at) => line(name, 10 + at));
  const start = async (options: object = {}) => {
    await (simulator as Synthesize | undefined)?.close();
    const accounts = names.map((id) => ({ id, name: id }));
    simulator = await createSynthesize({ seed: { accounts, services: [{ id: "s1", name: "Professional" }] }, ...options });
    const login = { vendorKey: "vendor", partnerKey: "partner" };
    client = createSynthesizeClient(createSendToSynthesize(login, { url: simulator.url, sleep: () => Promise.resolve() }));
  };
  const run = async (of: readonly Line[] = lines, killedAfter = Infinity) => {
    const ledger = await openLedger(path());
    let calls = 0;
    const mortal: Client = {
      ...client,
      setCount: async (count) => {
        calls += 1;
        if (calls > killedAfter) throw new Error("killed");
        return client.setCount(count);
      },
    };
    return push(planPush({ lines: of }, ledger.entries).counts, { synthesize: mortal, ledger, integration: "o1", now });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "proofpoint-seats-"));
    await start();
  });
  afterEach(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });

  it("sets every count, has the cards made anew once, and the second time sends nothing", async () => {
    expect((await run()).sent).to.have.length(5);
    expect(simulator.counts()).to.deep.equal({ "s1/a": 10, "s1/b": 11, "s1/c": 12, "s1/d": 13, "s1/e": 14 });
    expect(simulator.rebuilds).to.equal(1);
    const asked = simulator.requests.length;
    expect(await run()).to.deep.equal({ sent: [], unmapped: [] });
    expect(simulator.requests.length).to.equal(asked);
  });

  for (const after of [0, 1, 2, 3, 4]) {
    it(`that is killed after ${after} counts is finished by the next one, with cards made anew`, async () => {
      await rejection(run(lines, after));
      const { sent } = await run();
      expect(sent).to.have.length(5 - after);
      expect(Object.values(simulator.counts())).to.deep.equal([10, 11, 12, 13, 14]);
      expect(simulator.rebuilds).to.equal(1);
    });
  }

  it("that is killed between sending and remembering sends that one again", async () => {
    await rejection(run(lines, 3));
    const text = await readFile(path(), "utf8");
    await writeFile(path(), text.slice(0, -20));
    expect((await run()).sent.map(({ account }) => account)).to.deep.equal(["c", "d", "e"]);
    expect(Object.values(simulator.counts())).to.deep.equal([10, 11, 12, 13, 14]);
    expect((await readFile(path(), "utf8")).trim().split("\n")).to.have.length(5);
  });

  it("collects what the other side has not mapped, tries it again, and still has the cards made anew", async () => {
    await start({ unmapped: ["e"] });
    const { sent, unmapped } = await run();
    expect([sent.length, unmapped.map(({ account }) => account)]).to.deep.equal([4, ["e"]]);
    expect(simulator.rebuilds).to.equal(1);
    expect((await run()).unmapped).to.have.length(1);
  });

  it("has the cards made anew also where a run before stopped after its last count", async () => {
    await rejection(run(lines, 4));
    const { sent } = await run(lines.slice(0, 4));
    expect(sent).to.deep.equal([]);
    expect(simulator.rebuilds).to.equal(1);
    await run(lines.slice(0, 4));
    expect(simulator.rebuilds).to.equal(1);
  });

  it("stops at a refusal, with what was sent before it in the ledger", async () => {
    simulator.setFaults([{ kind: 403, after: 2 }]);
    expect((await rejection(run())).message).to.contain("answered 403");
    simulator.setFaults([]);
    expect((await run()).sent).to.have.length(3);
  });

  it("refuses a ledger that somebody has edited", async () => {
    await run();
    await appendFile(path(), "not a line\n");
    expect(await rejection(openLedger(path()))).to.be.instanceOf(LedgerError);
  });
});
