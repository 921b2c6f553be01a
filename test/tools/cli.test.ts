import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { pulumiEnvironment } from "../../tools/cli/environment.ts";
import { cliVersion, findPulumi, standardWays } from "../../tools/cli/findPulumi.ts";
import type { Way } from "../../tools/cli/way.ts";
import { optionValue } from "../../tools/cli/run.ts";
import { rejection } from "../support/api.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const silent = () => undefined;
const { signal } = new AbortController();

describe("finding the Pulumi CLI", () => {
  let folder: string;
  const path = process.env["PATH"];
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "cli-"))));
  afterEach(async () => {
    process.env["PATH"] = path;
    await rm(folder, { recursive: true });
  });

  async function placePulumi(inFolder: string, version: string): Promise<void> {
    await mkdir(inFolder, { recursive: true });
    await writeFile(join(inFolder, "pulumi"), `#!/bin/sh\necho v${version}\n`);
    await chmod(join(inFolder, "pulumi"), 0o755);
  }

  const way = (name: string, result: Awaited<ReturnType<Way["find"]>> | Error): Way => ({
    name,
    find: async () => {
      if (result instanceof Error) throw result;
      return result;
    },
  });

  it("takes the first way that is open", async () => {
    expect(
      await findPulumi(silent, [way("a", { closed: "no" }), way("b", { binFolder: "/b" }), way("c", { binFolder: "/c" })]),
    ).to.deep.equal({ binFolder: "/b" });
  });

  it("names every way that is closed, and why", async () => {
    const error = await rejection(
      findPulumi(silent, [way("on PATH", { closed: "there is no pulumi" }), way("official download", new Error("no network\nat x"))]),
    );
    expect(error.message).to.equal(
      "There is no Pulumi CLI, and none could be had:\n  on PATH: there is no pulumi\n  official download: no network\n" +
        "Any one of these is enough: a pulumi 3.254.0 or newer on PATH, network access to get.pulumi.com, or Go 1.25 or newer.",
    );
  });

  it("does not go on to the next way when it is interrupted", async () => {
    const first: Way = {
      name: "download",
      find: async () => {
        process.emit("SIGTERM");
        throw new Error("killed");
      },
    };
    expect((await rejection(findPulumi(silent, [first, way("build", { binFolder: "/b" })]))).message).to.equal("Interrupted.");
  });

  it("goes by PATH, what was kept, the download, the build", () => {
    expect(standardWays(folder, {}).map(({ name }) => name)).to.deep.equal([
      "on PATH",
      `kept in ${folder}`,
      "official download",
      "build with Go",
    ]);
  });

  it("goes one way only when told, and knows which there are", () => {
    expect(standardWays(folder, { PROOFPOINT_PULUMI_CLI: "build" }).map(({ name }) => name)).to.deep.equal(["build with Go"]);
    expect(() => standardWays(folder, { PROOFPOINT_PULUMI_CLI: "magic" })).to.throw("use path, download or build");
  });

  it("uses a pulumi on PATH that is new enough, and not an old one", async () => {
    const [onPath] = standardWays(folder, {}) as [Way];
    process.env["PATH"] = `${folder}${delimiter}${path}`;
    await placePulumi(folder, "3.254.0");
    expect(await onPath.find(silent, signal)).to.deep.equal({});
    await placePulumi(folder, "3.100.0");
    expect(await onPath.find(silent, signal)).to.deep.equal({ closed: "pulumi 3.100.0 is older than 3.254.0" });
  });

  it("uses what an earlier download or build left", async () => {
    const kept = standardWays(folder, {})[1]!;
    expect(await kept.find(silent, signal)).to.deep.equal({ closed: "nothing there yet" });
    await placePulumi(join(folder, `pulumi-${cliVersion}-built`, "bin"), cliVersion);
    expect(await kept.find(silent, signal)).to.deep.equal({ binFolder: join(folder, `pulumi-${cliVersion}-built`, "bin") });
  });

  it("does not build without Go, and leaves nothing behind", async () => {
    const build = standardWays(folder, { PROOFPOINT_PULUMI_CLI: "build" })[0]!;
    process.env["PATH"] = folder;
    expect(await build.find(silent, signal)).to.deep.equal({ closed: "there is no go" });
    await writeFile(join(folder, "go"), "#!/bin/sh\necho go version go1.21.3 linux/amd64\n");
    await chmod(join(folder, "go"), 0o755);
    expect(await build.find(silent, signal)).to.deep.equal({ closed: "Go 1.21 is older than 1.25" });
  });
});

describe("the environment for Pulumi", () => {
  let home: string;
  before(async () => (home = await mkdtemp(join(tmpdir(), "home-"))));
  after(() => rm(home, { recursive: true }));

  it("has a state folder, a home and an empty passphrase where nothing is set", () => {
    const environment = pulumiEnvironment({ binFolder: "/cli" }, { PATH: "/usr/bin" }, home);
    const folder = join(home, ".local", "state", "proofpoint-account-state");
    expect(environment).to.include({
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "",
    });
    expect(environment["PATH"]?.split(delimiter)[0]).to.equal("/cli");
  });

  it("changes nothing that is set", () => {
    const own = {
      PATH: "",
      PULUMI_BACKEND_URL: "azblob://state",
      PULUMI_PARALLEL: "4",
      PULUMI_SKIP_CHECKPOINTS: "false",
      NODE_OPTIONS: "--max-old-space-size=4096",
    };
    const environment = pulumiEnvironment({}, own, home);
    expect(environment).to.include({ PULUMI_BACKEND_URL: "azblob://state", PULUMI_PARALLEL: "4", PULUMI_SKIP_CHECKPOINTS: "false" });
    expect(environment).to.not.have.any.keys("PULUMI_HOME", "PULUMI_CONFIG_PASSPHRASE");
    expect(environment["NODE_OPTIONS"]).to.match(/^--max-old-space-size=4096 --require=/);
  });

  it("leaves a login alone: by token, by `pulumi login`, by a passphrase file", async () => {
    expect(pulumiEnvironment({}, { PULUMI_ACCESS_TOKEN: "x" }, home)).to.not.have.any.keys("PULUMI_BACKEND_URL", "PULUMI_HOME");
    expect(pulumiEnvironment({}, { PULUMI_CONFIG_PASSPHRASE_FILE: "/secret" }, home)).to.not.have.property("PULUMI_CONFIG_PASSPHRASE");
    await mkdir(join(home, ".pulumi"));
    await writeFile(join(home, ".pulumi", "credentials.json"), JSON.stringify({ current: "https://api.pulumi.com" }));
    expect(pulumiEnvironment({}, {}, home)).to.not.have.any.keys("PULUMI_BACKEND_URL", "PULUMI_HOME", "PULUMI_CONFIG_PASSPHRASE");
  });
});

describe("an option's value", () => {
  for (const args of [["-s", "dev"], ["--stack", "dev"], ["--stack=dev"], ["preview", "-s=dev"]]) {
    it(`is found in ${args.join(" ")}`, () => expect(optionValue(args, "-s", "--stack")).to.equal("dev"));
  }
  it("is not looked for behind --", () => expect(optionValue(["--", "-s", "dev"], "-s")).to.equal(undefined));
});

describe("an old Node", () => {
  const pretend = (version: string, script: string) =>
    spawnSync(process.execPath, ["-e", `Object.defineProperty(process.versions, "node", { value: "${version}" }); import("./${script}")`], {
      cwd: root,
      encoding: "utf8",
    });

  for (const script of ["node/requireNode.cjs", "node/npmScript.cjs", "node/preload.cjs", "provider/load.cjs", "program/main.js"]) {
    it(`gets one clear sentence from ${script}`, () => {
      const { status, stderr } = pretend("20.20.2", script);
      expect(status).to.equal(1);
      expect(stderr.trim()).to.match(/^This project needs Node 22\.18 or newer, and this is Node 20\.20\.2 .*npm run.*$/);
    });
  }

  it("that is new enough passes", () => {
    for (const version of ["22.18.0", "24.0.0"]) expect(pretend(version, "node/requireNode.cjs").status).to.equal(0);
    expect(pretend("22.17.9", "node/requireNode.cjs").status).to.equal(1);
  });
});

describe("npm run simulator", () => {
  it("says what is wrong with an option", (done) => {
    execFile(process.execPath, ["simulator/main.ts", "--put", "both"], { cwd: root }, (error, _stdout, stderr) => {
      expect(error?.code).to.equal(1);
      expect(stderr).to.contain('--put is "both"; use replace or merge');
      done();
    });
  });

  for (const wrong of ["many", "", "-1", "1.5"]) {
    it(`takes no port ${JSON.stringify(wrong)}`, (done) => {
      execFile(process.execPath, ["simulator/main.ts", `--port=${wrong}`], { cwd: root }, (error, _stdout, stderr) => {
        expect(error?.code).to.equal(1);
        expect(stderr).to.contain(`--port is "${wrong}"; a whole number up to 65535 is expected`);
        done();
      });
    });
  }

  it("ends when npm is told to end", async () => {
    const npm = spawn("npm", ["run", "--silent", "simulator", "--", "--port", "0", "--users", "3"], { cwd: root });
    const [said] = (await once(npm.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(said.toString())?.[0] ?? "";
    expect((await fetch(`${url}/me`)).status).to.equal(401);
    npm.kill("SIGTERM");
    // The pipe stays open as long as anybody is there.
    await once(npm, "close");
    expect(await fetch(url).catch((error: unknown) => (error as Error).message)).to.equal("fetch failed");
  });

  it("answers on the loopback until it is ended", (done) => {
    const simulator = execFile(process.execPath, ["simulator/main.ts", "--port", "0", "--users", "3"], { cwd: root }, (error, stdout) => {
      expect(error).to.equal(null);
      expect(stdout).to.match(/simulator: http:\/\/127\.0\.0\.1:\d+\/api\/v1/);
      done();
    });
    simulator.stdout?.once("data", () => simulator.kill("SIGTERM"));
  });
});
