import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { createSimulator, type Simulator } from "../../simulator/simulator.ts";
import { writeStackConfig, type StackConfig } from "../../tools/workspace.ts";
import { filesThatMention, mentions } from "../faults/secrets.ts";
import { startAzure, storage, type FakeAzure } from "../support/azure.ts";
import { startEngine, type Engine, type Run } from "../support/engine.ts";
import { gitHubRepository, startForge, type FakeForge } from "../support/forge.ts";
import { processesIn } from "../support/processes.ts";
import { createVault } from "../support/vault.ts";

const vaultUrl = "https://acme.vault.azure.net";
const secretsProvider = "azurekeyvault://acme.vault.azure.net/keys/pulumi/0123456789abcdef";
const login = { user: "ops@acme.test", password: "first horse+battery/4711&" };
const jobToken = "the token of the job/4712&";
const leavers = ["leaver1", "leaver2", "leaver3", "leaver4", "leaver5"].map((name) => `${name}@acme.test`);
const kept = ["kept1@acme.test", "kept2@acme.test"];
const users = [...kept, ...leavers].map((primary_email) => ({ primary_email, type: "end_user" }));
const hr = [...kept.map((email) => ["Active", email] as const), ...leavers.map((email) => ["Retired", email] as const)];
const seed = { logins: [login], organisations: [{ primary_domain: "acme.test", users }] };

/**
 * The whole way of a change: a developer's stack on an organisation of its own, a slice of the real one, then all of it with
 * the plan that was looked at. State is in blob storage, the login in a vault, and each step is the pipeline's own.
 */
describe("From dev to staging to prod, on the real engine", function () {
  this.timeout(120_000);
  let began = 0;
  const repository = gitHubRepository();
  const heard: string[] = [];
  let azure: FakeAzure;
  let forge: FakeForge;
  let playground: Simulator;
  let engine: Engine;

  const configure = (stack: string, config: StackConfig) =>
    writeStackConfig(engine.workspace, stack, {
      apiUrl: engine.simulator.url,
      domain: "acme.test",
      credentials: { source: "keyVault", vaultUrl },
      hr: { source: "csv", path: "hr.csv" },
      limits: { toFunctional: { count: 9, percent: 100 }, terminated: { count: 9, percent: 100 } },
      report: `out/${stack}`,
      ...config,
    });
  const pipeline = async (...args: readonly string[]): Promise<Run> => {
    const run = await engine.node("tools/pipeline.ts", ...args);
    heard.push(run.output);
    return run;
  };
  const converted = (simulator: Simulator) =>
    simulator.users().flatMap((user) => (user.type === "functional_account" ? [user.primary_email] : []));

  before(async () => {
    began = Date.now();
    azure = await startAzure(createVault(vaultUrl, { "pp-api-user": login.user, "pp-api-key": login.password }), { withStorage: true });
    forge = await startForge(repository.answer);
    playground = await createSimulator({ seed });
    const job = {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: forge.url,
      GITHUB_REPOSITORY: "acme/mail",
      GITHUB_REF: "refs/pull/7/merge",
      GITHUB_TOKEN: jobToken,
    };
    engine = await startEngine({ seed }, { ...azure.environment, ...job }, ["--secrets-provider", secretsProvider]);
    await engine.writeHr(hr);
    await configure("dev", { apiUrl: playground.url });
    await configure("staging", { canary: { emails: leavers.slice(0, 2) } });
    await configure("prod", { promotesFrom: "staging" });
    for (const stack of ["dev", "staging", "prod"]) {
      const { code, output } = await engine.run("pulumi", "stack", "init", stack, "--secrets-provider", secretsProvider);
      expect(code, output).to.equal(0);
    }
  });
  after(async () => {
    await engine.close();
    await playground.close();
    await forge.close();
    await azure.close();
  });

  it("dev: a developer applies it to an organisation of their own", async () => {
    const { code, output } = await pipeline("apply", "-s", "dev");
    expect(code, output).to.equal(0);
    expect(output).to.contain("proofpoint-account-state run outcome=succeeded");
    expect(converted(playground)).to.deep.equal(leavers);
    expect(converted(engine.simulator)).to.deep.equal([]);
  });

  it("pull request: one comment shows what both stacks would do, and that prod cannot go first", async () => {
    for (let time = 1; time <= 2; time += 1) {
      const { code, output } = await pipeline("preview", "-s", "staging", "-s", "prod", "--plans", "plans");
      expect(code, output).to.equal(0);
    }
    expect(repository.comments).to.have.length(1);
    const { body } = repository.comments[0]!;
    expect(body).to.match(/Stack `staging`[\s\S]*acme\.test: 2 changes[\s\S]*Stack `prod`[\s\S]*acme\.test: 5 changes/);
    expect(body).to.contain("An up would stop: this stack follows another one").and.contain("staging has no successful up yet");
    expect(converted(engine.simulator)).to.deep.equal([]);
    const early = await pipeline("apply", "-s", "prod", "--plan", "plans/prod.json");
    expect(early.code).to.not.equal(0);
    expect(early.output).to.contain("staging has no successful up yet").and.contain("run outcome=failed");
    expect(converted(engine.simulator)).to.deep.equal([]);
  });

  it("merge: staging applies it to its slice", async () => {
    const { code, output } = await pipeline("apply", "-s", "staging");
    expect(code, output).to.equal(0);
    expect(converted(engine.simulator)).to.deep.equal(leavers.slice(0, 2));
  });

  it("approval: prod applies the plan that was made after it, and nothing else", async () => {
    const plan = await pipeline("preview", "-s", "prod", "--plans", "plans");
    expect(plan.code, plan.output).to.equal(0);
    expect(plan.output).to.contain("acme.test: 3 changes").and.not.contain("An up would stop");
    // Until somebody approves it, HR goes on.
    await engine.writeHr([...hr, ["Active", "new@acme.test"]]);
    const { code, output } = await pipeline("apply", "-s", "prod", "--plan", "plans/prod.json");
    expect(code, output).to.equal(0);
    expect(converted(engine.simulator)).to.deep.equal(leavers);
  });

  it("night: drift opens one issue, and closes it when it is gone", async () => {
    const clean = await pipeline("drift", "-s", "prod");
    expect([clean.code, repository.issues.length], clean.output).to.deep.equal([0, 0]);
    engine.simulator.users().find(({ primary_email }) => primary_email === leavers[3])!.type = "end_user";
    const drifted = await pipeline("drift", "-s", "prod");
    expect(drifted.code, drifted.output).to.equal(0);
    expect(repository.issues.map(({ title, state }) => [title, state])).to.deep.equal([["prod has drifted", "open"]]);
    expect(repository.issues[0]?.body).to.contain("leaver4");
    expect((await pipeline("apply", "-s", "prod")).code).to.equal(0);
    expect((await pipeline("drift", "-s", "prod")).code).to.equal(0);
    expect(repository.issues.map(({ state }) => state)).to.deep.equal(["closed"]);
  });

  it("whoever reads state, project, reports, logs, comments and issues finds no credential", async () => {
    const secrets = [login.password, jobToken, "identity-token"];
    const folder = dirname(engine.workspace.folder);
    expect(await readFile(join(engine.workspace.folder, "out/prod.md"), "utf8")).to.contain("acme.test");
    expect(await filesThatMention(folder, secrets)).to.deep.equal([]);
    const blobs = await azure.azurite!.blobs(storage.container);
    const state = [...blobs].map(([name, bytes]) => (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
    expect(state.some((text) => text.includes("leaver4@acme.test"))).to.equal(true);
    const written = [...state, ...heard, JSON.stringify(forge.asked), JSON.stringify(repository)];
    expect(written.filter((text) => mentions(text, secrets))).to.deep.equal([]);
  });

  it("takes less than two minutes, and leaves no process behind", () => {
    expect(Date.now() - began).to.be.below(120_000);
    expect(processesIn(dirname(engine.workspace.folder))).to.deep.equal([]);
  });
});
