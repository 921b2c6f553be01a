import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { countRequests } from "../support/api.ts";
import { startEngine, type Engine } from "../support/engine.ts";

const names = Array.from({ length: 30 }, (_, index) => `u${index}`);
const users = names.map((name) => ({ primary_email: `${name}@acme.test`, type: "end_user" }));
const rows = (left: number) => names.map((name, index) => [index < left ? "Terminated" : "Active", `${name}@acme.test`] as const);

describe("A limit and its approval, on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } });
  });
  after(() => engine.close());

  const up = () => engine.pulumi("up", "--yes", "--skip-preview");
  const approve = (...args: string[]) => engine.node("tools/approve.ts", "-s", "test", ...args);
  const types = () => engine.simulator.users().map(({ type }) => type);
  const written = () => countRequests(engine.simulator).put;

  it("stops the run, and says how to approve exactly these changes", async () => {
    await engine.writeHr(rows(5));
    const { code, output } = await up();
    expect(code).to.not.equal(0);
    expect(output).to.contain("5 of 30 managed users (16.7 %) would become functional_account");
    expect(output).to.contain('npm run approve -- -s test --reason "why they are right"');
    expect(written()).to.equal(0);
  });

  it("needs a reason, and hours that are some", async () => {
    for (const args of [[], ["--reason", " "], ["--reason", "x", "--hours", "0"], ["--reason", "x", "--hours", "soon"]])
      expect((await approve(...args)).code).to.equal(2);
    expect(await engine.readFile("Pulumi.test.yaml")).to.not.contain("approval");
  });

  it("is written into the stack's file, for review, with who, why and until when", async () => {
    const { code, output } = await approve("--reason", "the Leeds office closed", "--by", "jane@acme.test");
    expect(code, output).to.equal(0);
    expect(output).to.contain("Approved 5 changes of test until").and.contain("proofpoint:limits.terminated");
    const { config } = parse(await engine.readFile("Pulumi.test.yaml")) as { config: Record<string, Record<string, string>> };
    expect(config["proofpoint:approval"]).to.include({ reason: "the Leeds office closed", by: "jane@acme.test" });
    const hours = (Date.parse(config["proofpoint:approval"]!["until"]!) - Date.now()) / 3_600_000;
    expect(hours).to.be.within(3.9, 4);
    expect(written()).to.equal(0);
  });

  it("does not fit another set of changes", async () => {
    await engine.writeHr(rows(6));
    const { code, output } = await up();
    expect(code).to.not.equal(0);
    expect(output).to.contain('The approval by jane@acme.test ("the Leeds office closed") is for another set of changes than this one.');
    expect(written()).to.equal(0);
  });

  it("lets exactly these changes pass, and stands in the report and the outputs", async () => {
    await engine.writeHr(rows(5).toReversed());
    const { code, output } = await up();
    expect(code, output).to.equal(0);
    expect(output).to.contain("Over a limit, approved by jane@acme.test until");
    expect(types().filter((type) => type === "functional_account")).to.have.length(5);
    const outputs = JSON.parse((await engine.pulumi("stack", "output", "--json")).output) as Record<string, Record<string, unknown>>;
    expect(outputs["approval"]).to.include({ by: "jane@acme.test", reason: "the Leeds office closed" });
  });

  it("does not count when it has expired", async () => {
    await engine.writeHr(rows(10));
    expect((await approve("--reason", "more of them")).code).to.equal(0);
    await engine.pulumi("config", "set", "--path", "proofpoint:approval.until", "2026-01-01T00:00:00Z");
    const { code, output } = await up();
    expect(code).to.not.equal(0);
    expect(output).to.contain("expired at 2026-01-01T00:00:00Z");
  });

  it("compares the feed with the last applied one, which a stopped run does not change", async () => {
    await engine.pulumi("config", "rm", "proofpoint:approval");
    await engine.writeHr(rows(5).slice(0, 20));
    for (let run = 0; run < 2; run++) {
      const { code, output } = await up();
      expect(code).to.not.equal(0);
      expect(output).to.contain("the feed has 20 rows, last time it had 30 (-33.3 %); at most 10 % fewer are allowed");
    }
    await engine.writeHr(rows(5));
    expect((await up()).code).to.equal(0);
  });

  it("stops a feed that is too old, and an old one that comes again", async () => {
    await engine.writeHr([["Active", "new@acme.test"], ...rows(5)]);
    expect((await up()).code).to.equal(0);
    await engine.writeHr(rows(5).toReversed());
    expect((await up()).output).to.contain("an old export has come again");
    await engine.writeHr(rows(5));
    const days = Date.now() / 1000 - 4 * 86_400;
    await utimes(join(engine.workspace.folder, "hr.csv"), days, days);
    expect((await engine.pulumi("preview")).output).to.contain(
      "the feed is 96 hours old; at most 72 are allowed (proofpoint:passport.maxAgeHours)",
    );
  });

  it("approves nothing where nothing is exceeded", async () => {
    await engine.writeHr([["Active", "new@acme.test"], ...rows(5)]);
    expect((await approve("--reason", "just so")).output).to.contain("there is nothing to approve");
  });
});
