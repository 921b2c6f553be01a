import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import { LedgerError, openLedger, type Entry } from "../../seats/ledger.ts";
import { planPush, type Count } from "../../seats/planPush.ts";
import { push, type Became, type Told } from "../../seats/push.ts";
import { reconcile, type Billed, type Line } from "../../seats/reconcile.ts";
import { keyOf, standing, type Standing } from "../../seats/standing.ts";
import { createSynthesizeClient, type SynthesizeClient as Client } from "../../seats/synthesize/client.ts";
import { createSendToSynthesize, SynthesizeError } from "../../seats/synthesize/send.ts";
import { createSynthesize, type Synthesize } from "../../simulator/synthesize/synthesize.ts";
import { rejection } from "../support/api.ts";
import { contractLine } from "../support/builders.ts";

const now = () => new Date("2026-11-22T06:00:00Z");
const line = (account: string, used: number, billed?: number, service = "s1"): Line =>
  contractLine({
    account,
    accountName: `${account} Inc`,
    service,
    package: service === "s1" ? "Professional" : "Business",
    used,
    ...(billed !== undefined && { billed }),
    delta: used - (billed ?? 0),
  });
const pickBilled = (count: Standing | undefined) =>
  count ? { billed: count.seats, ...(count.isUnsure && { isUnsure: true as const }) } : {};
const plan = (lines: readonly Line[], options = {}) => planPush({ lines }, options);

describe("What is to be pushed", () => {
  it("is what differs from what stands there, and a zero for what is no longer there; what falls goes first", () => {
    const { counts } = plan([line("a", 10, 9), line("b", 5, 5), line("c", 0), line("d", 0, 3), line("e", 0, 0)]);
    expect(counts).to.deep.equal([
      { account: "d", service: "s1", title: "d Inc (d), Professional", seats: 0, before: 3 },
      { account: "a", service: "s1", title: "a Inc (a), Professional", seats: 10, before: 9 },
      { account: "c", service: "s1", title: "c Inc (c), Professional", seats: 0 },
    ]);
  });

  it("moves the seats with the package, and leaves no stale count", () => {
    const { counts, violations } = plan([line("a", 10, undefined, "s2"), line("a", 0, 10)]);
    expect(counts.map(({ service, seats }) => [service, seats])).to.deep.equal([
      ["s1", 0],
      ["s2", 10],
    ]);
    expect(violations).to.deep.equal([]);
  });

  it("leaves zeros out where the other side takes none, and says what is stale", () => {
    const { counts, stale, violations } = plan([line("a", 10, 10), line("c", 0), line("d", 0, 3)], { takesZero: false });
    expect(violations, "nothing falls by what is not sent").to.deep.equal([]);
    expect([counts, stale.map(({ account, before }) => [account, before])]).to.deep.equal([[], [["d", 3]]]);
  });

  it("needs an approval where more than a fifth would go, of all or of one account, or an account to nothing", () => {
    const violations = (...lines: readonly Line[]) => plan(lines).violations;
    expect(violations(line("a", 80, 80), line("b", 0, 20))).to.deep.equal(["b Inc (b) would fall from 20 to 0."]);
    expect(violations(line("a", 79, 105), line("b", 20, 20))).to.deep.equal([
      "26 of 125 seats would go, more than 20 %.",
      "a Inc (a) would fall from 105 to 79.",
    ]);
    expect(violations(line("a", 85, 105), line("b", 20, 20))).to.deep.equal([]);
    expect(violations(line("a", 1, 400), line("b", 500)), "rises make up for nothing").to.have.length(2);
    expect(violations(line("a", 1, 400), line("b", 2000, 2000)), "one large customer").to.deep.equal([
      "a Inc (a) would fall from 400 to 1.",
    ]);
    expect(violations(line("a", 3, 4), line("b", 0, 10))).to.have.length(2);
    expect(violations(line("a", 0))).to.deep.equal([]);
    const unsure = [
      ...standing([
        { at: "", integration: "o1/i1", outcome: "sent", account: "a", service: "s1", seats: 100 },
        { at: "", integration: "o1/i1", outcome: "sending", account: "a", service: "s1", seats: 40 },
      ]),
    ].map((each) => ({ ...line("a", 40), ...pickBilled(each) }));
    expect(violations(...unsure), "measured from the most that may stand").to.have.length(2);
  });

  it("has another code for the next push: an approval is of one", () => {
    const lines = [line("a", 12, 12), line("b", 0, 7)];
    expect(plan(lines, { pushes: 3 }).code).to.not.equal(plan(lines, { pushes: 4 }).code);
  });

  it("has a code of what would stand at the end: another count is another code, and a part that was sent already is not", () => {
    const { code } = plan([line("a", 10, 90), line("b", 0, 5), line("c", 3, 3)]);
    expect(code).to.match(/^[0-9a-f]{8}$/);
    expect(plan([line("c", 3, 3), line("a", 10, 10)]).code).to.equal(code);
    for (const other of [[line("a", 11, 90), line("c", 3)], [line("a", 10, 90)], [line("a", 10, 90), line("c", 3), line("d", 1)]])
      expect(plan(other).code).to.not.equal(code);
  });

  it("adds up to the active users, for every mapping and everything that was ever sent, and is then nothing", () => {
    const stands = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("s1", "s2", "s9"), fc.nat(100)), {
      selector: ([account, service]) => account + service,
    });
    const organisations = fc.uniqueArray(
      fc.record({
        eid: fc.constantFrom("1", "2", "3", "4", "5"),
        account: fc.constantFrom("a", "b", "c"),
        package: fc.constantFrom("p", "q"),
        used: fc.nat(100),
      }),
      { selector: ({ eid }) => eid },
    );
    fc.assert(
      fc.property(stands, organisations, (before, each) => {
        const counted = each.map(({ account: _, ...one }) => ({ ...one, name: one.eid, domain: `${one.eid}.test` }));
        const mapping = {
          accounts: each.map(({ eid, account }) => ({ organisation: eid, eid, account })),
          services: ["p", "q"].map((name, at) => ({ package: name, service: `s${at + 1}` })),
          excluded: [],
        };
        const stands = new Map<string, Billed>(
          before.map(([account, service, seats]) => [keyOf({ account, service }), { account, service, seats }]),
        );
        const next = () =>
          planPush(
            reconcile(
              counted,
              mapping,
              { billed: [...stands.values()], accounts: [], services: [] },
              { prices: undefined, today: "2026-11-22" },
            ),
          ).counts;
        for (const count of next()) stands.set(keyOf(count), count);
        const sum = [...stands.values()].reduce((all, { seats }) => all + seats, 0);
        expect(sum).to.equal(counted.reduce((all, { used }) => all + used, 0));
        expect(next()).to.deep.equal([]);
      }),
    );
  });
});

describe("What stands on the other side", () => {
  const at = "2026-11-20T06:00:00.000Z";
  const count = (outcome: "sending" | "sent" | "unmapped" | "refused" | "corrected", account: string, seats: number): Entry => ({
    at,
    integration: "o1/i1",
    outcome,
    account,
    service: "s1",
    seats,
  });
  const stands = (...entries: readonly Entry[]) =>
    standing(entries).map(({ account, seats, isUnsure }) => [account, seats, isUnsure ?? false]);

  it("is what was sent last; what was about to be sent, or met nothing it is mapped to, is unsure: the most it may be", () => {
    expect(stands(count("sending", "a", 5), count("sent", "a", 5), count("sent", "a", 7))).to.deep.equal([["a", 7, false]]);
    expect(stands(count("sent", "a", 5), count("sending", "a", 3))).to.deep.equal([["a", 5, true]]);
    expect(stands(count("sent", "a", 5), count("sending", "a", 3), count("sending", "a", 8))).to.deep.equal([["a", 8, true]]);
    expect(stands(count("sent", "a", 5), count("sending", "a", 0), count("unmapped", "a", 0))).to.deep.equal([["a", 5, true]]);
    expect(stands(count("sending", "a", 3), count("unmapped", "a", 3))).to.deep.equal([]);
    expect(stands(count("sent", "a", 5), count("corrected", "a", 0))).to.deep.equal([["a", 0, false]]);
  });

  it("stays what it was through a refusal", () => {
    expect(stands(count("sent", "a", 5), count("sending", "a", 3), count("refused", "a", 3))).to.deep.equal([["a", 5, false]]);
    expect(stands(count("sending", "a", 5), count("sending", "a", 3), count("refused", "a", 3))).to.deep.equal([["a", 5, true]]);
  });

  it("is unsure for an account that had to be made again, and all of it once the integration was inactive", () => {
    const both = [count("sent", "a", 5), count("sent", "b", 6)];
    expect(stands(...both, { at, integration: "o1/i1", outcome: "account added", account: "a" })).to.deep.equal([
      ["a", 5, true],
      ["b", 6, false],
    ]);
    expect(stands(...both, { at, integration: "o1/i1", outcome: "inactive" }, count("sent", "b", 7))).to.deep.equal([
      ["a", 5, true],
      ["b", 7, false],
    ]);
  });

  it("converges, wherever pushes are killed, whatever goes wrong there and whatever is wanted meanwhile", async () => {
    const wanted = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b"), fc.constantFrom("s1", "s2"), fc.nat(9)), {
      selector: ([account, service]) => account + service,
    });
    // What becomes of each call: `cut` is done, `lost` is not, and neither has an answer.
    const weather = fc.array(fc.constantFrom("fine", "fine", "cut", "lost", "refused", "declined", "unmapped", "unsure"), { maxLength: 8 });
    const meanwhile = fc.constantFrom("nothing", "a is made again", "inactive");
    const mortal = fc.record({ wanted, weather, meanwhile, lives: fc.integer({ min: 0, max: 14 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(mortal, { maxLength: 4 }), wanted, async (pushes, last) => {
        const entries: Entry[] = [];
        const there = new Map<string, number>();
        let isBuilt = true;
        let lives = Infinity;
        let skies: readonly string[] = [];
        const live = () => {
          if (--lives < 0) throw new Error("killed");
        };
        const ledger = {
          entries,
          add: (entry: Entry) => {
            live();
            return Promise.resolve(void entries.push(entry));
          },
        };
        const setCount: Client["setCount"] = ({ serviceId, accountId, seats, build }) => {
          live();
          const [sky = "fine", ...rest] = skies;
          skies = rest;
          const key = keyOf({ account: accountId, service: serviceId });
          if (sky === "lost") return Promise.reject(new SynthesizeError("lost", { mayBeTaken: true }));
          if (sky === "refused") return Promise.reject(new SynthesizeError("refused", { status: 403 }));
          if (sky === "declined") return Promise.reject(new SynthesizeError("declined", { status: 422 }));
          // What stood there stays, and counts again once somebody maps it again.
          if (sky === "unmapped") return Promise.resolve("unmapped");
          there.set(key, seats);
          isBuilt = build;
          if (sky === "unsure") return Promise.resolve("unsure");
          return sky === "cut" ? Promise.reject(new SynthesizeError("cut", { mayBeTaken: true })) : Promise.resolve("taken");
        };
        const run = async (lines: typeof last) => {
          const stands = new Map(standing(entries).map((each) => [keyOf(each), each]));
          const here = lines.map(([account, service, used]) => ({
            ...line(account, used, undefined, service),
            ...pickBilled(stands.get(keyOf({ account, service }))),
          }));
          const keys = new Set(here.map(keyOf));
          const gone = [...stands].filter(([key, { seats, isUnsure }]) => !keys.has(key) && (seats > 0 || isUnsure));
          const rest = gone.map(([, each]) => ({ ...line(each.account, 0, undefined, each.service), ...pickBilled(each) }));
          const { counts } = planPush({ lines: [...here, ...rest] });
          return push(counts, {
            synthesize: { setCount } as Client,
            ledger,
            integration: "o1/i1",
            now,
            takesZero: true,
            onCount: () => undefined,
          });
        };
        for (const each of pushes) {
          ({ lives, weather: skies } = each);
          await run(each.wanted).catch(() => undefined);
          [lives, skies] = [Infinity, []];
          const at = now().toISOString();
          const event = { at, integration: "o1/i1" };
          if (each.meanwhile === "inactive") entries.push({ ...event, outcome: "inactive" });
          if (each.meanwhile === "inactive") there.clear();
          if (each.meanwhile === "a is made again") entries.push({ ...event, outcome: "account added", account: "a" });
          if (each.meanwhile === "a is made again") for (const key of there.keys()) if (key.includes('"a"')) there.delete(key);
        }
        await run(last);
        const left = [...there].filter(([, seats]) => seats > 0).sort();
        const right = last.filter(([, , used]) => used > 0).map(([account, service, used]) => [keyOf({ account, service }), used]);
        expect(left).to.deep.equal(right.sort());
        if (there.size > 0) expect(isBuilt).to.equal(true);
        const before = entries.length;
        expect((await run(last)).rebuild, "a second push sends nothing").to.equal("not needed");
        expect(entries.length).to.equal(before);
      }),
      { numRuns: 500 },
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
  const run = async (of: readonly Line[] = lines, killedAfter = Infinity, isTaken = false, takesZero = true) => {
    const ledger = await openLedger(path());
    let calls = 0;
    const mortal: Client = {
      ...client,
      setCount: async (count) => {
        calls += 1;
        if (calls <= killedAfter) return client.setCount(count);
        if (isTaken) await client.setCount(count);
        throw new Error("killed");
      },
    };
    const sent = new Map(standing(ledger.entries).map((count) => [keyOf(count), count]));
    const lines = of.map((each) => ({ ...each, ...pickBilled(sent.get(keyOf(each))) }));
    const became: Record<Became, Count[]> = { sent: [], unmapped: [], refused: [], "held back": [] };
    const onCount = (count: Count, told: Told) => void became[told.became].push(count);
    const { rebuild } = await push(planPush({ lines }).counts, { synthesize: mortal, ledger, integration: "o1", now, takesZero, onCount });
    return { ...became, rebuild };
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
    expect(await run()).to.deep.include({ sent: [], unmapped: [], rebuild: "not needed" });
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

  it("that is killed between sending and remembering sends that one again, and leaves no count nobody knows of", async () => {
    await rejection(run(lines, 3, true));
    expect(simulator.counts(), "it was taken").to.have.property("s1/d", 13);
    const text = await readFile(path(), "utf8");
    expect(
      text
        .trim()
        .split("\n")
        .map((each) => (JSON.parse(each) as Entry).outcome)
        .slice(-3),
    ).to.deep.equal(["sending", "sent", "sending"]);
    // Half a line, as a power cut leaves it.
    await appendFile(path(), '{"at":"2026');
    const { sent } = await run(lines.filter(({ account }) => account !== "d"));
    expect(sent.map(({ account, seats }) => [account, seats])).to.deep.equal([["e", 14]]);
    const gone = { ...line("d", 0), organisations: [] };
    await run([...lines.filter(({ account }) => account !== "d"), gone]);
    expect(simulator.counts()).to.deep.equal({ "s1/a": 10, "s1/b": 11, "s1/c": 12, "s1/d": 0, "s1/e": 14 });
    for (const each of (await readFile(path(), "utf8")).trim().split("\n")) expect(() => JSON.parse(each) as unknown).to.not.throw();
  });

  it("opens a ledger without changing it, and takes a last line whose end an editor took away", async () => {
    await run();
    const text = await readFile(path(), "utf8");
    await writeFile(path(), text.trimEnd());
    const ledger = await openLedger(path());
    expect(standing(ledger.entries)).to.have.length(5);
    expect(await readFile(path(), "utf8")).to.equal(text.trimEnd());
    await ledger.add({ at: now().toISOString(), integration: "o1", outcome: "inactive" });
    expect((await readFile(path(), "utf8")).split("\n")).to.have.length(12);
    expect(standing((await openLedger(path())).entries).every(({ isUnsure }) => isUnsure)).to.equal(true);
  });

  it("remembers whole lines only, also where the disk is full in the middle of one", async function () {
    if (process.platform === "win32") return this.skip();
    const ledger = fileURLToPath(new URL("../../seats/ledger.ts", import.meta.url));
    const entry = { at: now().toISOString(), integration: "o1", outcome: "sent", account: "a", service: "s1", seats: 1 };
    const script = `import { openLedger } from ${JSON.stringify(ledger)};
      process.on("SIGXFSZ", () => undefined);
      const ledger = await openLedger(${JSON.stringify(path())});
      for (let added = 0; ; added += 1)
        await ledger.add(${JSON.stringify(entry)}).catch(() => { console.log(added); process.exit(); });`;
    const child = spawn("sh", ["-c", 'ulimit -f 1; exec "$0" --input-type=module -e "$1"', process.execPath, script]);
    const [added] = (await once(child.stdout, "data")) as [Buffer];
    expect(Number(added)).to.be.greaterThan(2);
    expect((await openLedger(path())).entries).to.have.length(Number(added));
    expect((await readFile(path(), "utf8")).split("\n")).to.have.length(Number(added) + 1);
  });

  it("sends nothing it could not remember", async () => {
    await symlink(join(folder, "missing", "ledger.jsonl"), path());
    const error = await rejection(run());
    expect(error).to.be.instanceOf(LedgerError);
    expect(error.message).to.contain("the system answered ENOENT");
    expect(simulator.counts()).to.deep.equal({});
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

  it("has the cards made anew also where nothing but zeros stands, unless no zero is taken", async () => {
    await run(lines.slice(0, 2));
    const gone = lines.slice(0, 2).map((each) => ({ ...each, used: 0 }));
    await rejection(run(gone, 1));
    // Somebody corrected what was to come next.
    const ledger = await openLedger(path());
    await ledger.add({ at: now().toISOString(), integration: "o1", outcome: "corrected", account: "b", service: "s1", seats: 0 });
    const asked = simulator.requests.length;
    expect((await run([], Infinity, false, false)).rebuild).to.equal("not needed");
    expect(simulator.requests.length).to.equal(asked);
    expect(await run([])).to.deep.include({ sent: [], unmapped: [], rebuild: "done" });
    expect(simulator.rebuilds).to.equal(2);
  });

  it("goes on past a count that is refused, and has the cards made anew all the same", async () => {
    simulator.setFaults([{ kind: 422, method: "POST", after: 2, times: 1 }]);
    const { sent, refused, rebuild } = await run();
    expect([sent.length, refused.map(({ account }) => account), rebuild]).to.deep.equal([4, ["c"], "not needed"]);
    expect(simulator.rebuilds).to.equal(1);
    simulator.setFaults([{ kind: 422, method: "POST", times: 1 }]);
    expect((await run(lines.map((each) => ({ ...each, used: 9 })))).refused).to.have.length(1);
    simulator.setFaults([]);
    await run(lines.map((each) => ({ ...each, used: 9 })));
    expect(Object.values(simulator.counts())).to.deep.equal([9, 9, 9, 9, 9]);
  });

  it("holds back what rises where what should fall of the same customer was refused", async () => {
    await run(lines.slice(0, 2));
    const changed = [{ ...line("a", 0), organisations: [] }, line("a", 10, undefined, "s2"), line("b", 12)];
    simulator.setFaults([{ kind: 422, method: "POST", times: 1 }]);
    const { sent, refused, "held back": held } = await run(changed);
    expect([sent, refused, held].map((each) => each.map(({ account, service }) => account + service))).to.deep.equal([
      ["bs1"],
      ["as1"],
      ["as2"],
    ]);
  });

  it("stops at a refusal of everybody, with what was sent before it in the ledger", async () => {
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
