import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { startEngine, type Engine } from "../support/engine.ts";
import { writeStackConfig } from "../../tools/workspace.ts";

const leavers = Array.from({ length: 12 }, (_, index) => `leaver${index}@acme.test`);
const kept = Array.from({ length: 3 }, (_, index) => `kept${index}@acme.test`);
const users = [...kept, ...leavers].map((primary_email) => ({ primary_email, type: "end_user" }));
const generous = { count: 50, percent: 100 };
const limits = { toFunctional: generous, terminated: generous, toEndUser: generous };
const rows = [...kept.map((email) => ["Active", email] as const), ...leavers.map((email) => ["Retired", email] as const)];

function converted(engine: Engine): number {
  return engine.simulator.users().filter(({ type }) => type === "functional_account").length;
}

describe("Waves, on the real engine", function () {
  this.timeout(120_000);
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } });
    await engine.configure({ waves: [2, 4], limits });
    await engine.writeHr(rows);
  });
  after(() => engine.close());

  const output = async (name: string) =>
    (JSON.parse((await engine.pulumi("stack", "output", "--json")).output) as Record<string, unknown>)[name];
  const wave = async () => (await output("wave")) as { number: number; changes: Record<string, string> };

  it("an up makes one, as its preview and a saved plan say, and keeps in the state which it was", async () => {
    const preview = await engine.pulumi("preview", "--save-plan", "plan.json");
    expect(preview.output).to.contain("Wave 1 of 3: 2 changes now, 10 wait.").and.contain("Held: waits for a later wave (10)");
    expect(preview.output).to.match(/leaver\d+@acme\.test was terminated in HR .*; becomes functional_account in a later wave/);
    const up = await engine.pulumi("up", "--yes", "--skip-preview", "--plan", "plan.json");
    expect(up.code, up.output).to.equal(0);
    expect(converted(engine)).to.equal(2);
    expect((await engine.pulumi("stack", "output", "wave")).output)
      .to.contain('"number":1')
      .and.contain('"waiting":10');
  });

  it("one in which a change fails stays that wave, and takes nobody else", async () => {
    const [stuck] = Object.keys((await wave()).changes);
    engine.simulator.reset();
    expect((await engine.pulumi("destroy", "--yes", "--skip-preview")).code).to.equal(0);
    engine.simulator.setFaults([{ kind: 422, method: "PUT", path: stuck! }]);
    for (let time = 1; time <= 2; time += 1) {
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code).to.not.equal(0);
      expect(output).to.contain(stuck!).and.not.contain("unhandled exception");
      expect(converted(engine)).to.equal(1);
    }
    expect((await wave()).number).to.equal(1);
    expect(await output("appliedAt")).to.equal(undefined);
    engine.simulator.setFaults([]);
    expect((await engine.pulumi("up", "--yes", "--skip-preview")).code).to.equal(0);
    expect(converted(engine)).to.equal(2);
  });

  it("one that was undone is made again before the next begins", async () => {
    engine.simulator.users().find(({ type }) => type === "functional_account")!.type = "end_user";
    const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(code, output).to.equal(0);
    expect(output).to.contain("Wave 1 of 3 is not finished: 1 of its 2 changes are made now, which were not made or did not last (leaver");
    expect(converted(engine)).to.equal(2);
  });

  it("the next ones follow, and the last leaves nobody waiting", async () => {
    for (const [says, then] of [
      ["Wave 2 of 3: 4 changes now, 6 wait.", 6],
      ["Wave 3 of 3: 6 changes now, 0 wait.", 12],
    ] as const) {
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code, output).to.equal(0);
      expect(output).to.contain(says);
      expect(converted(engine)).to.equal(then);
    }
    const clean = await engine.pulumi("preview", "--expect-no-changes");
    expect(clean.code, clean.output).to.equal(0);
    expect(clean.output).to.not.contain("Wave");
  });
});

describe("A stack that follows another one, on the real engine", function () {
  this.timeout(120_000);
  let engine: Engine;
  const configureProd = (config: Record<string, unknown> = {}) => engine.configure({ limits, promotesFrom: "staging", ...config });
  const configureStaging = (config: Record<string, unknown> = {}) =>
    writeStackConfig(engine.workspace, "staging", {
      apiUrl: engine.simulator.url,
      domain: "acme.test",
      credentials: { source: "simulator" },
      hr: { source: "csv", path: "hr.csv" },
      canary: { emails: ["leaver0@acme.test"] },
      limits,
      ...config,
    });
  const staging = (...args: readonly string[]) => engine.run("pulumi", ...args, "--stack", "staging");
  const up = ["up", "--yes", "--skip-preview"] as const;
  /** As if nobody had run it for some days. */
  const age = async (stack: string, days: number) => {
    const path = join(engine.workspace.folder, `${stack}.json`);
    expect((await staging("stack", "export", "--file", path)).code).to.equal(0);
    const then = new Date(Date.now() - days * 86_400_000).toISOString();
    await writeFile(path, (await readFile(path, "utf8")).replace(/"appliedAt": "[^"]+"/, `"appliedAt": "${then}"`));
    expect((await staging("stack", "import", "--file", path)).code).to.equal(0);
  };
  const promote = () => engine.node("tools/promote.ts", "--from", "staging", "--to", "test");

  before(async () => {
    engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } });
    await engine.writeHr(rows);
    await configureProd();
    await configureStaging();
  });
  after(() => engine.close());

  it("says so where there is no such stack, or it never ran", async () => {
    const missing = await engine.pulumi(...up);
    expect(missing.code).to.not.equal(0);
    expect(missing.output)
      .to.contain("The stack staging could not be read. Check proofpoint:promotesFrom, or make that stack and run it first.")
      .and.not.match(/\n\s+at .*[:(]\d+/);
    expect((await engine.run("pulumi", "stack", "init", "staging")).code).to.equal(0);
    const never = await engine.pulumi(...up);
    expect(never.code).to.not.equal(0);
    expect(never.output).to.contain("staging has no successful up yet").and.contain("Nothing was changed");
    expect(converted(engine)).to.equal(0);
    const promoted = await promote();
    expect([promoted.code, promoted.output]).to.deep.equal([
      1,
      "test has applied nothing yet.\nstaging has no successful up yet that says what it applied. Run it first.\ntest may not follow staging yet.\n",
    ]);
  });

  it("previews what it would do, and says that an up would stop", async () => {
    const { code, output } = await engine.pulumi("preview");
    expect(code, output).to.equal(0);
    expect(output).to.contain("An up would stop: this stack follows another one (proofpoint:promotesFrom)");
  });

  it("follows once that one has applied the same policy, with the plan that was made before", async () => {
    const first = await staging(...up);
    expect(first.code, first.output).to.equal(0);
    expect(converted(engine)).to.equal(1);
    const promoted = await promote();
    expect(promoted.code, promoted.output).to.equal(0);
    expect(promoted.output).to.match(/^test has applied nothing yet\.\nstaging applied the policy [0-9a-f]{64} on .*ago\.\n/);
    const preview = await engine.pulumi("preview", "--save-plan", "plan.json");
    expect(preview.output).to.not.contain("An up would stop");
    const { code, output } = await engine.pulumi(...up, "--plan", "plan.json");
    expect(code, output).to.equal(0);
    expect(converted(engine)).to.equal(leavers.length);
  });

  it("does not take on another policy first: both hashes, both times, and what differs", async () => {
    await configureProd({ policy: { leave: "hold" } });
    const { code, output } = await engine.pulumi(...up);
    expect(code).to.not.equal(0);
    expect(output).to.match(/staging applied the policy [0-9a-f]{64} on \d{4}-\d\d-\d\dT/);
    expect(output).to.match(/This run, on \d{4}-\d\d-\d\dT.*, is of the policy [0-9a-f]{64}\./);
    expect(output).to.contain('proofpoint:policy.leave: "end_user" there, "hold" here.').and.contain("Apply this policy to staging first.");
    const promoted = await promote();
    expect(promoted.code).to.equal(1);
    expect(promoted.output).to.contain('With its next up, test takes over:\n  proofpoint:policy.leave: "end_user" → "hold"');
    expect((await engine.node("tools/doctor.ts", "-s", "test")).output).to.match(/^problem +Promotion +staging applied the policy/m);

    await configureStaging({ policy: { leave: "hold" } });
    expect((await staging(...up)).code).to.equal(0);
    expect((await engine.pulumi(...up)).code).to.equal(0);
  });

  it("adds no exemption either while it may not follow", async () => {
    await configureProd({ policy: { leave: "functional_account" }, exemptions: "manage" });
    expect((await engine.pulumi(...up)).code).to.not.equal(0);
    await configureStaging({ policy: { leave: "hold" }, exemptions: "manage" });
    await configureProd({ policy: { leave: "hold" }, exemptions: "manage", promotionMaxAgeHours: 1 });
    await age("staging", 3);
    const { code, output } = await engine.pulumi(...up);
    expect(code).to.not.equal(0);
    expect(output).to.contain("That is longer than proofpoint:promotionMaxAgeHours (1)");
    expect(engine.simulator.exemptions()).to.deep.equal([]);
  });

  it("does not follow what is too long ago, where there is something to change", async () => {
    await configureProd({ policy: { leave: "hold" }, promotionMaxAgeHours: 24 });
    await age("staging", 3);
    const nothing = await engine.pulumi(...up);
    expect(nothing.code, nothing.output).to.equal(0);
    engine.simulator.users().find(({ primary_email }) => primary_email === "leaver5@acme.test")!.type = "end_user";
    const { code, output } = await engine.pulumi(...up);
    expect(code).to.not.equal(0);
    expect(output).to.contain("That is longer than proofpoint:promotionMaxAgeHours (24). Apply it to staging again first.");
  });
});

describe("A saved plan, on the real engine", function () {
  this.timeout(120_000);
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } });
    await engine.configure({ limits });
  });
  after(() => engine.close());
  beforeEach(async () => {
    await engine.writeHr(rows);
  });
  const plan = () => engine.pulumi("preview", "--save-plan", "plan.json");
  const apply = () => engine.pulumi("up", "--yes", "--skip-preview", "--plan", "plan.json");

  it("fits although HR was written again, has hired somebody, and somebody has made one of the changes already", async () => {
    expect((await plan()).code).to.equal(0);
    await engine.writeHr([...rows, ["Active", "new@acme.test"]]);
    engine.simulator.users().find(({ primary_email }) => primary_email === leavers[0])!.type = "functional_account";
    const { code, output } = await apply();
    expect(code, output).to.equal(0);
    expect(converted(engine)).to.equal(leavers.length);
    const outputs = JSON.parse((await engine.pulumi("stack", "output", "--json")).output) as Record<string, Record<string, unknown>>;
    expect(outputs["appliedAt"]).to.match(/^2/);
    expect(outputs["feed"]).to.include({ rows: rows.length + 1 });
  });

  it("stops at a change that is not in it, by name, and the run counts as none", async () => {
    engine.simulator.users().find(({ primary_email }) => primary_email === leavers[1])!.type = "end_user";
    expect((await plan()).code).to.equal(0);
    await engine.writeHr([...rows.slice(1), ["Retired", kept[0]!]]);
    const { code, output } = await apply();
    expect(code).to.not.equal(0);
    expect(output).to.contain("violates plan").and.contain(kept[0]!);
    expect(engine.simulator.users().find(({ primary_email }) => primary_email === kept[0])?.type).to.equal("end_user");
  });
});
