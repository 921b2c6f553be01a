import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startEngine, type Engine } from "../support/engine.ts";
import { processesIn } from "../support/processes.ts";

const names = ["acme", "beta", "gamma"];
const login = { user: "ops@msp.test", password: "horse battery 4711", type: "channel_admin", domain: "msp.test" };
const organisation = (name: string) => ({
  primary_domain: `${name}.test`,
  name,
  parent: "msp.test",
  domains: [`${name}.test`, `mail.${name}.test`],
  users: ["kept", "leaver"].map((user) => ({ primary_email: `${user}@${name}.test`, type: "end_user" })),
});
const seed = {
  logins: [login],
  organisations: [
    { primary_domain: "msp.test", name: "MSP", type: "channel", users: [] },
    ...[...names, "delta"].map(organisation),
    { ...organisation("zeta"), is_active: false },
  ],
};

const hr = names.flatMap(
  (name) =>
    [
      ["Active", `kept@${name}.test`],
      ["Retired", `leaver@${name}.test`],
    ] as const,
);

describe("A fleet, on the real engine", function () {
  this.timeout(120_000);
  let engine: Engine;
  const fleet = (...args: readonly string[]) => engine.node("tools/fleet.ts", ...args);
  const file = (name: string) => join(engine.workspace.folder, name);
  before(async () => {
    engine = await startEngine({ seed }, { US1_USER: login.user, US1_PASSWORD: login.password });
    await engine.writeHr(hr);
    const limits = { toFunctional: { count: 5, percent: 100 } };
    await writeFile(
      file("fleet.yaml"),
      JSON.stringify({
        partners: {
          us1: {
            apiUrl: engine.simulator.url,
            domain: "msp.test",
            credentials: { source: "environment", userVariable: "US1_USER", passwordVariable: "US1_PASSWORD" },
          },
        },
        base: { hr: { source: "csv", path: "hr.csv" }, limits },
        organisations: names.map((name) => ({
          stack: name,
          domain: `${name}.test`,
          partner: "us1",
          ...(name === "beta" && { config: { hr: { path: "beta.csv" } } }),
        })),
      }),
    );
  });
  after(() => engine.close());

  it("init makes the stacks and their files, and a second time nothing", async () => {
    const first = await fleet("init");
    expect(first.code, first.output).to.equal(0);
    expect(first.output).to.contain("3 organisations: 3 stacks made, 3 stack files written, 0 as they were.");
    expect(await readFile(file("Pulumi.beta.yaml"), "utf8"))
      .to.contain("beta.csv")
      .and.not.contain(login.password);
    expect((await fleet("init")).output).to.contain("0 stacks made, 0 stack files written, 3 as they were.");
  });

  it("discover names who is missing in the file", async () => {
    const { code, output } = await fleet("discover");
    expect([code, output]).to.deep.equal([
      1,
      "not in the file: delta.test (us1)\n4 active organisations with the partners, 3 in the file: 1 missing, 0 gone, 0 switched off.\n",
    ]);
  });

  it("discover knows an organisation by any of its domains", async () => {
    const content = JSON.parse(await readFile(file("fleet.yaml"), "utf8")) as {
      partners: { us1: object };
      organisations: { stack: string; domain: string }[];
    };
    const organisations = [
      ...content.organisations,
      { stack: "delta", domain: "mail.delta.test", partner: "us1" },
      { stack: "epsilon", domain: "epsilon.test", partner: "us1" },
      { stack: "zeta", domain: "zeta.test", partner: "us1" },
      { stack: "far", domain: "far.test", partner: "eu1" },
    ];
    const eu1 = { ...content.partners.us1, apiUrl: "http://127.0.0.1:9" };
    await writeFile(file("other.yaml"), JSON.stringify({ ...content, partners: { ...content.partners, eu1 }, organisations }));
    const { code, output } = await fleet("discover", "--file", "other.yaml");
    expect([code, ...output.trimEnd().split("\n").slice(-3)], output).to.deep.equal([
      1,
      "in the file, and switched off at its partner us1: zeta.test (zeta)",
      "in the file, and not with its partner us1: epsilon.test (epsilon)",
      "4 active organisations with the partners, 7 in the file: 0 missing, 1 gone, 1 switched off; 1 partners could not be asked.",
    ]);
    expect(output).to.match(/^eu1 could not be asked: /m);
  });

  it("doctor looks at each, with the credentials its partner has, and leaves the last report alone", async () => {
    await mkdir(file("out/fleet"), { recursive: true });
    await writeFile(file("out/fleet/acme.json"), "{}");
    const { code, output } = await fleet("doctor", "--only", "acme");
    const said = await readFile(file("out/fleet/acme.doctor.log"), "utf8");
    expect(said).to.match(/^ok +Login/m);
    expect(output, said).to.match(/^acme +ok/m);
    expect(code).to.equal(0);
    expect(await readFile(file("out/fleet/acme.json"), "utf8")).to.equal("{}");
  });

  it("preview goes on past one that fails, and says so in one table", async () => {
    const { code, output } = await fleet("preview");
    expect(code).to.equal(1);
    expect(output)
      .to.match(/^beta +failed \(\d+\)/m)
      .and.match(/^beta: Could not read the HR feed \S+beta\.csv: there is no such file\./m)
      .and.match(/^acme +1 +0 +2 +1 .*ok/m);
    expect(output).to.contain("3 organisations: 2 to functional_account, 0 to end_user, 4 seats, 2 after; 1 failed.");
    expect(await readFile(file("out/fleet/beta.preview.log"), "utf8")).to.contain("beta.csv");
  });

  it("runs nothing with files that are older than fleet.yaml", async () => {
    const content = await readFile(file("fleet.yaml"), "utf8");
    await writeFile(file("fleet.yaml"), content.replace('"count":5', '"count":4'));
    const { code, output } = await fleet("preview");
    expect([code, output]).to.deep.equal([
      1,
      "The files of these stacks are not what fleet.yaml says: acme, beta, gamma. Run: npm run fleet -- init\n",
    ]);
    await writeFile(file("fleet.yaml"), content);
  });

  it("up --resume does what is left, and drift then finds nothing", async () => {
    expect((await fleet("up")).code).to.equal(1);
    const converted = () => names.filter((name) => engine.simulator.users(`${name}.test`)[1]?.type === "functional_account");
    expect(converted()).to.deep.equal(["acme", "gamma"]);
    await rename(file("hr.csv"), file("beta.csv"));
    await engine.writeHr(hr);
    const resumed = await fleet("up", "--resume");
    expect(resumed.code, resumed.output).to.equal(0);
    expect(resumed.output).to.contain("2 of 3 succeeded before; 1 are left.");
    expect(converted()).to.deep.equal(names);
    expect((await fleet("up", "--resume")).output, "that run is over").to.contain("0 of 3 succeeded before; 3 are left.");
    // With another configuration, who succeeded has not succeeded with that.
    await rename(file("beta.csv"), file("gone.csv"));
    expect((await fleet("up")).code).to.equal(1);
    await rename(file("gone.csv"), file("beta.csv"));
    const content = await readFile(file("fleet.yaml"), "utf8");
    await writeFile(file("fleet.yaml"), content.replace('"stack":"gamma",', '"stack":"gamma","config":{"policy":{"graceDays":1}},'));
    await fleet("init");
    const changed = await fleet("up", "--resume");
    expect(changed.output).to.contain("1 of 3 succeeded before; 2 are left.");
    expect(changed.code, changed.output).to.equal(0);
    const drift = await fleet("drift", "--only", "acme", "--only", "gamma");
    expect(drift.code, drift.output).to.equal(0);
  });

  it("runs on after somebody set a key: Pulumi writes the whole file anew", async () => {
    const set = await engine.run("pulumi", "config", "set", "proofpoint:approval.reason", "right", "--path", "--stack", "acme");
    expect(set.code, set.output).to.equal(0);
    await engine.run("pulumi", "config", "rm", "proofpoint:approval", "--stack", "acme");
    const { output } = await fleet("preview", "--only", "acme");
    expect(output).to.match(/^acme .*ok/m);
  });

  it("ends whom it began when it is told to end, begins nobody else, and goes on with --resume", async () => {
    const command = ["tools/fleet.ts", "preview", "--at-once", "1"];
    await writeFile(file("out/fleet/gamma.json"), "{}");
    let isTold = false;
    const hear = (output: string) => {
      if (isTold || !output.includes("1/3  acme  ok")) return;
      isTold = true;
      void whenAtWork().then(() => process.kill(run.pid, "SIGTERM"));
    };
    // The next one: its program has said something.
    const whenAtWork = async () => {
      while ((await readFile(file("out/fleet/beta.preview.log"), "utf8").catch(() => "")) === "")
        await new Promise((resolve) => setTimeout(resolve, 10));
      expect(await readdir(file("out/fleet")), "two would write the same reports").to.include(".lock");
    };
    await rm(file("out/fleet/beta.preview.log"), { force: true });
    const run = engine.startNode(hear, ...command);
    const { code, output } = await run.ended;
    expect(code, output).to.equal(128 + constants.signals.SIGTERM);
    expect(output)
      .to.match(/^gamma +not run +0\.0$/m)
      .and.contain("1 not run.")
      .and.contain("Interrupted. The same command with --resume goes on.");
    expect(processesIn(engine.workspace.folder)).to.deep.equal([]);
    expect(await readdir(file("out/fleet"))).to.not.include(".lock");
    expect(await readFile(file("out/fleet/gamma.json"), "utf8"), "who is not run keeps its report").to.equal("{}");
    const resumed = await engine.node(...command, "--resume");
    expect(resumed.code, resumed.output).to.equal(0);
    expect(resumed.output).to.contain("1 of 3 succeeded before; 2 are left.");
  });
});
