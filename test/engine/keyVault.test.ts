import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { filesThatMention, mentions } from "../faults/secrets.ts";
import { startAzure, type FakeAzure } from "../support/azure.ts";
import { startEngine, type Engine } from "../support/engine.ts";
import { createVault } from "../support/vault.ts";

const vaultUrl = "https://acme.vault.azure.net";
const names = ["kept", "leaver"];
const users = names.map((name) => ({ primary_email: `${name}@acme.test`, type: "end_user" }));
const logins = [
  { user: "ops@acme.test", password: "first horse+battery/4711&" },
  { user: "ops@acme.test", password: "second horse+battery/4711&" },
] as const;

describe("The Proofpoint login in Azure Key Vault, on the real engine", function () {
  this.timeout(120_000);
  let azure: FakeAzure;
  let engine: Engine;
  const secrets: Record<string, string> = { "pp-api-user": logins[0].user, "pp-api-key": logins[0].password };
  before(async () => {
    azure = await startAzure(createVault(vaultUrl, secrets));
    engine = await startEngine({ seed: { logins, organisations: [{ primary_domain: "acme.test", users }] } }, azure.environment);
    await engine.configure({
      credentials: { source: "keyVault", vaultUrl },
      limits: { toFunctional: { count: 5, percent: 100 } },
      report: "out/report",
    });
    await engine.writeHr([
      ["Active", "kept@acme.test"],
      ["Retired", "leaver@acme.test"],
    ]);
  });
  after(async () => {
    await engine.close();
    await azure.close();
  });
  const nowhere = async (output: string) => {
    const passwords = logins.map(({ password }) => password);
    expect(mentions(output, passwords)).to.equal(false);
    expect(await filesThatMention(dirname(engine.workspace.folder), passwords)).to.deep.equal([]);
  };

  it("is read once by each process, with the identity at hand, and is in no output, state, report or file", async () => {
    const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(code, output).to.equal(0);
    expect(engine.simulator.users()[1]?.type).to.equal("functional_account");
    // The program and the provider.
    expect(azure.asked.map(({ path }) => path).sort()).to.deep.equal([
      "/secrets/pp-api-key/",
      "/secrets/pp-api-key/",
      "/secrets/pp-api-user/",
      "/secrets/pp-api-user/",
    ]);
    expect(azure.asked.every(({ token }) => token === "identity-token")).to.equal(true);
    await nowhere(output);
  });

  it("counts from the next run on when it is rotated, and changes no resource", async () => {
    secrets["pp-api-key"] = logins[1].password;
    const { code, output } = await engine.pulumi("preview", "--expect-no-changes");
    expect(code, output).to.equal(0);
    await nowhere(output);
  });

  it("that is missing is one sentence with vault, secret and what to do; the doctor names the secrets", async () => {
    const doctor = await engine.node("tools/doctor.ts", "-s", "test");
    expect(doctor.output).to.contain(`from ${vaultUrl}: pp-api-user, pp-api-key`);
    Reflect.deleteProperty(secrets, "pp-api-key");
    const { code, output } = await engine.pulumi("preview");
    expect(code).to.not.equal(0);
    expect(output).to.contain(
      `Could not read the secret pp-api-key of ${vaultUrl}: there is no such secret. Check its name, or create it.`,
    );
    expect(output).to.not.match(/\n\s+at .*[:(]\d+/);
    expect((await engine.node("tools/doctor.ts", "-s", "test")).output).to.match(
      /^problem +Credentials +Could not read the secret pp-api-key/m,
    );
    await nowhere(output + doctor.output);
  });
});

describe("Without Key Vault", function () {
  this.timeout(30_000);
  it("no package of Azure is loaded by the program or the provider", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) });
      process.env.PROOFPOINT_USER = process.env.PROOFPOINT_PASSWORD = "somebody";
      const { connect } = await import("./provider/essentials/connect.ts");
      for (const path of ["program/settings", "program/gather", "program/evaluate", "program/declare", "provider/userType.provider", "provider/syncExemption.provider"])
        await import("./" + path + ".ts");
      await connect({ apiUrl: "https://us1.proofpointessentials.com/api/v1", domain: "acme.test", credentials: { source: "environment" }, concurrency: 1, timeoutSeconds: 1 }, () => undefined);
      console.log(JSON.stringify([loaded.some((name) => name.includes("keyVault")), loaded.filter((name) => name.includes("@azure"))]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: root, encoding: "utf8" });
    expect(JSON.parse(stdout || JSON.stringify(stderr))).to.deep.equal([true, []]);
  });
});
