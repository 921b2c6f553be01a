import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { startEngine, type Engine } from "../support/engine.ts";

const names = ["acme", "beta", "gamma"];
const login = { user: "ops@msp.test", password: "horse battery 4711", type: "channel_admin", domain: "msp.test" };
const organisation = (name: string) => ({
  primary_domain: `${name}.test`,
  name,
  parent: "msp.test",
  users: ["kept", "leaver"].map((user) => ({ primary_email: `${user}@${name}.test`, type: "end_user" })),
});
const seed = {
  logins: [login],
  organisations: [{ primary_domain: "msp.test", name: "MSP", type: "channel", users: [] }, ...[...names, "delta"].map(organisation)],
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
    engine = await startEngine({ seed }, { PROOFPOINT_USER: login.user, PROOFPOINT_PASSWORD: login.password });
    await engine.writeHr(hr);
    const limits = { toFunctional: { count: 5, percent: 100 } };
    await writeFile(
      file("fleet.yaml"),
      JSON.stringify({
        partners: { us1: { apiUrl: engine.simulator.url, domain: "msp.test" } },
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
      "not in the file: delta.test (us1)\n4 organisations with the partners, 3 in the file: 1 missing, 0 gone.\n",
    ]);
  });

  it("preview goes on past one that fails, and says so in one table", async () => {
    const { code, output } = await fleet("preview");
    expect(code).to.equal(1);
    expect(output)
      .to.match(/^beta +failed \(\d+\)/m)
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
      "The files of acme, beta, gamma are not what fleet.yaml says (3). Run: npm run fleet -- init\n",
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
    const drift = await fleet("drift", "--only", "acme", "--only", "gamma");
    expect(drift.code, drift.output).to.equal(0);
  });
});
