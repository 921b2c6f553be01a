import { spawn } from "node:child_process";
import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../simulator/simulator.ts";
import { createWorkspace, writeStackConfig, type StackConfig, type Workspace } from "../../tools/workspace.ts";

export interface Run {
  readonly code: number | null;
  /** Standard output and error, as a person sees them. */
  readonly output: string;
}

export interface Started {
  readonly pid: number;
  /** When it has ended and everything it wrote is there. */
  readonly ended: Promise<Run>;
}

/** A project folder, a state folder and a simulated organisation, with the real Pulumi CLI. */
export interface Engine {
  readonly simulator: Simulator;
  readonly workspace: Workspace;
  pulumi(...args: readonly string[]): Promise<Run>;
  /** The same, to be watched or ended while it runs. */
  start(...args: readonly string[]): Started;
  /** Any command, in the folder and the environment of the project. */
  run(command: string, ...args: readonly string[]): Promise<Run>;
  /** A script of this project, by its path. */
  node(...args: readonly string[]): Promise<Run>;
  /** The same, to be ended while it runs. @param hear is given what it says */
  startNode(hear: (output: string) => void, ...args: readonly string[]): Started;
  configure(config: StackConfig): Promise<void>;
  writeHr(rows: readonly (readonly [status: string, email: string])[]): Promise<void>;
  readFile(name: string): Promise<string>;
  /** The resources of this project in the state, by e-mail address: type. */
  managed(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const stack = "test";

/** As an export of an hour ago: one of just now is looked at twice, which takes its time. */
async function writeOldFile(path: string, content: string): Promise<void> {
  await writeFile(path, content);
  const anHourAgo = Date.now() / 1000 - 3600;
  await utimes(path, anHourAgo, anHourAgo);
}

/**
 * @param environment of every command, besides what this project sets
 * @param init options for `pulumi stack init`
 */
export async function startEngine(
  options: SimulatorOptions = {},
  environment: Readonly<Record<string, string>> = {},
  init: readonly string[] = [],
): Promise<Engine> {
  const simulator = await createSimulator(options);
  const workspace = await createWorkspace((line) => console.error(line));
  const start = (command: string, args: readonly string[], hear: (output: string) => void = () => undefined): Started => {
    const env = { ...workspace.environment, ...environment };
    const child = spawn(command, args, { cwd: workspace.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => hear((output += chunk.toString())));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<Run>((resolve, reject) => child.once("error", reject).once("close", (code) => resolve({ code, output })));
    return { pid: child.pid ?? 0, ended };
  };
  const run = (command: string, args: readonly string[]): Promise<Run> => start(command, args).ended;
  const engine: Engine = {
    simulator,
    workspace,
    run: (command, ...args) => run(command, args),
    pulumi: (...args) => run("pulumi", [...args, "--stack", stack]),
    start: (...args) => start("pulumi", [...args, "--stack", stack]),
    node: (...args) => run(process.execPath, args),
    startNode: (hear, ...args) => start(process.execPath, args, hear),
    configure: (config) =>
      writeStackConfig(workspace, stack, {
        apiUrl: simulator.url,
        domain: "acme.test",
        credentials: { source: "simulator" },
        hr: { source: "csv", path: "hr.csv" },
        ...config,
      }),
    writeHr: (rows) => {
      const lines = rows.map(([status, email]) => `${status},${email},1001,F,LON`);
      return writeOldFile(
        join(workspace.folder, "hr.csv"),
        ["status,email,company_code,worker_category_code,location_code", ...lines, ""].join("\n"),
      );
    },
    readFile: (name) => readFile(join(workspace.folder, name), "utf8"),
    managed: async () => {
      const { output } = await engine.pulumi("stack", "export");
      const { deployment } = JSON.parse(output) as {
        deployment: { resources?: { type: string; outputs?: { email: string; type: string } }[] };
      };
      const users = (deployment.resources ?? []).filter(({ type }) => type === "pulumi-nodejs:dynamic/proofpoint:UserType");
      return Object.fromEntries(users.map(({ outputs }) => [outputs?.email ?? "", outputs?.type]));
    },
    close: async () => {
      await simulator.close();
      await workspace.remove();
    },
  };
  await engine.configure({});
  const { code, output } = await run("pulumi", ["stack", "init", stack, ...init]);
  if (code !== 0) throw new Error(`There is no stack to test with: ${output}`);
  return engine;
}
