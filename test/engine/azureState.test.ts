import { dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import { setTimeout as rest } from "node:timers/promises";
import { expect } from "chai";
import { filesThatMention, mentions } from "../faults/secrets.ts";
import { startAzure, storage, type FakeAzure } from "../support/azure.ts";
import { startEngine, type Engine, type Run } from "../support/engine.ts";
import { descendants, isAlive, kill } from "../support/processes.ts";
import { createVault } from "../support/vault.ts";

const vaultUrl = "https://acme.vault.azure.net";
const login = { user: "ops@acme.test", password: "first horse+battery/4711&" };
const leavers = Array.from({ length: 40 }, (_, index) => `leaver${index}@acme.test`);
const users = ["kept@acme.test", ...leavers].map((primary_email) => ({ primary_email, type: "end_user" }));

describe("State in Azure blob storage, with a managed identity, on the real engine", function () {
  this.timeout(120_000);
  let azure: FakeAzure;
  let engine: Engine;
  const types = () => engine.simulator.users().filter(({ type }) => type === "functional_account").length;
  const state = async () => {
    const blobs = await azure.azurite!.blobs(storage.container);
    return [...blobs].map(([name, bytes]) => `${name}\n${(name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()}`);
  };
  const locks = async () => (await state()).filter((blob) => blob.startsWith(".pulumi/locks/"));

  before(async () => {
    const secrets = { "pp-api-user": login.user, "pp-api-key": login.password };
    azure = await startAzure(createVault(vaultUrl, secrets), { withStorage: true });
    const organisations = [{ primary_domain: "acme.test", users }];
    const init = ["--secrets-provider", "azurekeyvault://acme.vault.azure.net/keys/pulumi/0123456789abcdef"];
    engine = await startEngine({ latencyMs: 60, seed: { logins: [login], organisations } }, azure.environment, init);
    await engine.configure({
      credentials: { source: "keyVault", vaultUrl },
      // Everybody is hired again in one night.
      passport: { minimumRows: 100 },
      limits: {
        toFunctional: { count: 50, percent: 100 },
        terminated: { count: 50, percent: 100 },
        toEndUser: { count: 50, percent: 100 },
      },
    });
    await engine.writeHr([["Active", "kept@acme.test"], ...leavers.map((email) => ["Retired", email] as const)]);
  });
  after(async () => {
    await engine.close();
    await azure.close();
  });

  it("the stack's key is wrapped by the vault's, and the state lies in the container", async () => {
    expect(await engine.readFile("Pulumi.test.yaml"))
      .to.match(/^secretsprovider: azurekeyvault:\/\//m)
      .and.match(/^encryptedkey: /m);
    expect(azure.asked.map(({ path }) => path)).to.include("/keys/pulumi/0123456789abcdef/encrypt");
    const { code, output } = await engine.pulumi("preview");
    expect(code, output).to.equal(0);
    expect((await state()).some((blob) => blob.startsWith(".pulumi/stacks/proofpoint/test.json"))).to.equal(true);
  });

  it("a value that is a secret is wrapped by it and read again", async () => {
    expect((await engine.pulumi("config", "set", "--secret", "note:word", "a secret word")).code).to.equal(0);
    expect(await engine.readFile("Pulumi.test.yaml")).to.not.contain("a secret word");
    const { output } = await engine.pulumi("config", "get", "note:word");
    expect(output.trim()).to.equal("a secret word");
    expect((await engine.pulumi("config", "rm", "note:word")).code).to.equal(0);
  });

  it("of two ups at once the second says that the stack is locked, and changes nothing", async () => {
    const first = engine.start("up", "--yes", "--skip-preview");
    while ((await locks()).length === 0) await rest(50);
    const second = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(second.code).to.not.equal(0);
    expect(second.output).to.contain("the stack is currently locked by 1 lock(s)").and.contain("pulumi cancel");
    const { code, output } = await first.ended;
    expect(code, output).to.equal(0);
    expect(types()).to.equal(leavers.length);
    expect(await locks()).to.deep.equal([]);
  });

  it("a killed up leaves its lock; pulumi cancel takes it away, and the next up does what is left", async () => {
    await engine.writeHr(users.map(({ primary_email }) => ["Active", primary_email] as const));
    const running = engine.start("up", "--yes", "--skip-preview");
    let early: Run | undefined;
    void running.ended.then((run) => (early = run));
    while (types() > leavers.length - 5 && !early) await rest(20);
    expect(early?.output).to.equal(undefined);
    const family = descendants(running.pid);
    kill(running.pid);
    await running.ended;
    // What is of this project ends by itself; Pulumi's own language host outlives a killed CLI.
    for (const pid of family.filter(isAlive)) kill(pid);
    expect(types()).to.be.within(1, leavers.length - 5);
    expect(await locks()).to.have.length(1);

    const refused = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(refused.code).to.not.equal(0);
    expect(refused.output).to.contain("pulumi cancel");
    expect((await engine.pulumi("cancel", "--yes")).code).to.equal(0);
    expect(await locks()).to.deep.equal([]);
    const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(code, output).to.equal(0);
    expect(types()).to.equal(0);
    expect((await engine.pulumi("preview", "--expect-no-changes")).code).to.equal(0);
  });

  it("whoever reads the container, the project and the reports finds no credential", async () => {
    const secrets = [login.password];
    expect((await state()).filter((blob) => mentions(blob, secrets))).to.deep.equal([]);
    expect(await filesThatMention(dirname(engine.workspace.folder), secrets)).to.deep.equal([]);
  });
});
