import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { createSimulator } from "../../simulator/simulator.ts";
import { startEngine, type Engine } from "../support/engine.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("The commands, on the real engine", function () {
  this.timeout(180_000);
  let home: string;
  beforeEach(async () => (home = await mkdtemp(join(tmpdir(), "commands-"))));
  afterEach(() => rm(home, { recursive: true, maxRetries: 5 }));

  function start(script: string, args: readonly string[], cwd: string, environment: Record<string, string | undefined>) {
    const child = spawn(process.execPath, [join(root, script), ...args], { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const run = { child, output: "" };
    child.stdout.on("data", (chunk: Buffer) => (run.output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (run.output += chunk.toString()));
    return run;
  }

  const ended = async (child: ChildProcess) => ((await once(child, "close")) as [number | null])[0];

  /** As a newcomer has it: nothing of Pulumi set, temporary files of its own. */
  const newcomer = (engine?: Engine) => ({
    PATH: engine?.workspace.environment["PATH"] ?? process.env["PATH"],
    XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? join(process.env["HOME"] ?? "", ".cache"),
    HOME: home,
    TMPDIR: home,
  });

  it("npm start shows the main job from beginning to end, and leaves nothing behind", async () => {
    const run = start("tools/demo.ts", [], root, newcomer());
    expect(await ended(run.child), run.output).to.equal(0);
    for (const command of ["npm run adopt -- -s demo", "pulumi preview -s demo", "pulumi up -s demo", "--expect-no-changes"])
      expect(run.output).to.contain(command);
    expect(run.output).to.contain("john.smith@acme.test: end_user → functional_account, every other field as it was");
    expect((await readdir(home)).filter((name) => name.startsWith("proofpoint-"))).to.deep.equal([]);
  });

  it("npm start cleans up when it is interrupted", async () => {
    const run = start("tools/demo.ts", [], root, newcomer());
    while (!run.output.includes("$ pulumi preview")) await new Promise((resolve) => setTimeout(resolve, 50));
    run.child.kill("SIGINT");
    expect(await ended(run.child)).to.equal(130);
    expect(run.output).to.contain("Interrupted; everything is cleaned up.");
    expect((await readdir(home)).filter((name) => name.startsWith("proofpoint-"))).to.deep.equal([]);
  });

  it("npm run pulumi makes a state folder and the stack where there is none", async () => {
    const engine = await startEngine({
      seed: { organisations: [{ primary_domain: "acme.test", users: [{ primary_email: "a@acme.test", type: "end_user" }] }] },
    });
    try {
      await engine.writeHr([["Active", "a@acme.test"]]);
      await cp(join(engine.workspace.folder, "Pulumi.test.yaml"), join(engine.workspace.folder, "Pulumi.own.yaml"));
      for (const expected of ["has a configuration and no state yet: pulumi stack init own", "Previewing update (own)"]) {
        const run = start("tools/pulumi.ts", ["preview", "-s", "own"], engine.workspace.folder, newcomer(engine));
        expect(await ended(run.child), run.output).to.equal(0);
        expect(run.output).to.contain(expected);
      }
      expect(await readdir(join(home, ".local", "state", "proofpoint-account-state"))).to.include.members(["home", "state"]);
    } finally {
      await engine.close();
    }
  });

  it("npm run simulator takes a free port where its own is in use, and the dev stack previews against it", async () => {
    const taken = await createSimulator();
    const engine = await startEngine();
    const { folder } = engine.workspace;
    const simulator = start("simulator/main.ts", ["--port", new URL(taken.url).port], folder, newcomer(engine));
    try {
      while (!simulator.output.includes("To use it:")) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(simulator.output).to.contain("is in use (another simulator?)");
      const command = /npm run pulumi -- (config set .*)/.exec(simulator.output)?.[1] ?? "";
      await cp(join(root, "Pulumi.dev.yaml"), join(folder, "Pulumi.dev.yaml"));
      for (const args of [command.split(" "), ["preview", "-s", "dev"]]) {
        const run = start("tools/pulumi.ts", args, folder, newcomer(engine));
        expect(await ended(run.child), run.output).to.equal(0);
        if (args[0] === "preview") expect(run.output).to.contain("acme.test: 3 changes");
      }
    } finally {
      simulator.child.kill();
      await Promise.all([ended(simulator.child), taken.close(), engine.close()]);
    }
  });

  it("npm run pulumi returns the exit status of the command", async () => {
    const engine = await startEngine();
    try {
      expect(
        await ended(start("tools/pulumi.ts", ["preview", "-s", "unknown"], engine.workspace.folder, newcomer(engine)).child),
      ).to.not.equal(0);
    } finally {
      await engine.close();
    }
  });

  it("npm run adopt says how it is used, and writes a file when asked to", async () => {
    const engine = await startEngine({
      seed: { organisations: [{ primary_domain: "acme.test", users: [{ primary_email: "Jane@acme.test", type: "end_user" }] }] },
    });
    try {
      expect(await engine.node("tools/adopt.ts")).to.deep.include({ code: 2 });
      const { code, output } = await engine.node("tools/adopt.ts", "-s", "test", "--file", "adopt.json");
      expect(code, output).to.equal(0);
      expect(output).to.contain("pulumi import --stack test --file adopt.json");
      const { resources } = JSON.parse(await engine.readFile("adopt.json")) as {
        resources: { id: string; inputs: object; outputs: object }[];
      };
      expect(resources).to.have.length(1);
      expect(resources[0]).to.include({ id: "jane@acme.test" });
      expect(resources[0]?.inputs).to.deep.equal(resources[0]?.outputs);
      expect(await engine.managed()).to.deep.equal({});
    } finally {
      await engine.close();
    }
  });

  it("a plain pulumi works too, without any of the switches", async () => {
    const engine = await startEngine({
      seed: { organisations: [{ primary_domain: "acme.test", users: [{ primary_email: "jane@acme.test", type: "end_user" }] }] },
    });
    try {
      const keep = new Set([
        "PATH",
        "HOME",
        "TMPDIR",
        "PULUMI_HOME",
        "PULUMI_BACKEND_URL",
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_SKIP_UPDATE_CHECK",
      ]);
      for (const name of Object.keys(engine.workspace.environment))
        if (!keep.has(name)) Reflect.deleteProperty(engine.workspace.environment, name);
      await engine.writeHr([["Retired", "jane@acme.test"]]);
      const { code, output } = await engine.pulumi("up", "--yes");
      expect(code, output).to.equal(0);
      expect(engine.simulator.users()[0]?.type).to.equal("functional_account");
    } finally {
      await engine.close();
    }
  });
});
