import { cp, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateHrCsv, generateSeed } from "../simulator/generate.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { createWorkspace, writeStackConfig, type Workspace } from "../tools/workspace.ts";
import { alignTable } from "../program/lists/alignTable.ts";
import { measure, type Measured } from "./measure.ts";

/**
 * `npm run bench`: this project beside the script it replaces and a provider as tutorials write it, in one run on one
 * simulator that takes 100 ms for each answer. One table, ratios last: a noisy machine is noisy for all three.
 */

const here = fileURLToPath(new URL(".", import.meta.url));
const domain = "acme.test";
const latencyMs = 100;
const { values } = parseArgs({
  options: { only: { type: "string" }, large: { type: "string", default: "10000" }, runs: { type: "string", default: "3" } },
});
const runs = Number(values.runs);

interface Row {
  readonly who: string;
  readonly what: string;
  readonly measured: Measured;
  readonly requests: string;
}
const rows: Row[] = [];

const wants = (part: string) => values.only === undefined || values.only.split(",").includes(part);
if (wants("50")) await story(1000, 50);
if (wants("500")) await story(1000, 500);
if (wants("tutorial")) await tutorialStory(1000, 50);
if (wants("large")) await largeStory(Number(values.large));
if (wants("decide")) await decideStory([25_000, 100_000]);
printTable();
printRatios();

/** The script, then this project from its first run to its conversions; the median of several rounds. */
async function story(users: number, leavers: number): Promise<void> {
  const rounds: Row[][] = [];
  for (let round = 0; round < runs; round++) {
    const row: Row[] = [];
    await inOrganisation(users, async (simulator, workspace) => {
      await giveHrFeed(workspace, users, leavers);
      row.push(
        await observe(simulator, "script", `up, ${users} users, ${leavers} leavers`, () =>
          measure(process.execPath, [join(here, "script.ts"), simulator.url, domain, join(workspace.folder, "hr.csv")], {
            cwd: here,
            env: workspace.environment,
          }),
        ),
      );
      simulator.reset();
      row.push(...(await ourStory(simulator, workspace, users, leavers)));
    });
    rounds.push(row);
  }
  rows.push(...(rounds[0] ?? []).map((_, index) => medianOf(rounds.flatMap((round) => round[index] ?? []))));
}

async function ourStory(simulator: Simulator, workspace: Workspace, users: number, leavers: number): Promise<Row[]> {
  const pulumi = (args: string[]) => measure("pulumi", args, { cwd: workspace.folder, env: workspace.environment });
  await configure(simulator, workspace, users);
  await giveHrFeed(workspace, users, 0);
  await pulumi(["stack", "init", "bench"]);
  const first = await observe(simulator, "this project", `first run, ${users} users`, () =>
    pulumi(["up", "-s", "bench", "--yes", "--skip-preview"]),
  );
  const steady = await observe(simulator, "this project", `steady preview, ${users} users`, () =>
    pulumi(["preview", "-s", "bench", "--expect-no-changes"]),
  );
  await giveHrFeed(workspace, users, leavers);
  const up = await observe(simulator, "this project", `up, ${users} users, ${leavers} leavers`, () =>
    pulumi(["up", "-s", "bench", "--yes", "--skip-preview"]),
  );
  return [first, steady, up];
}

async function tutorialStory(users: number, leavers: number): Promise<void> {
  await inOrganisation(users, async (simulator, workspace) => {
    const folder = join(workspace.folder, "tutorial");
    await mkdir(folder);
    await cp(join(here, "tutorial"), folder, { recursive: true });
    await symlink(join(here, "..", "node_modules"), join(folder, "node_modules"));
    await writeFile(
      join(folder, "Pulumi.bench.yaml"),
      `config:\n  tutorial:apiUrl: ${simulator.url}\n  tutorial:domain: ${domain}\n  tutorial:csv: ${join(workspace.folder, "hr.csv")}\n`,
    );
    const { PULUMI_PARALLEL: _own, ...environment } = workspace.environment;
    const pulumi = (args: string[]) => measure("pulumi", args, { cwd: folder, env: environment });
    await giveHrFeed(workspace, users, 0);
    await pulumi(["stack", "init", "bench"]);
    rows.push(
      await observe(simulator, "tutorial", `first run, ${users} users`, () => pulumi(["up", "-s", "bench", "--yes", "--skip-preview"])),
    );
    rows.push(
      await observe(simulator, "tutorial", `steady preview, ${users} users`, () =>
        pulumi(["preview", "-s", "bench", "--expect-no-changes"]),
      ),
    );
    await giveHrFeed(workspace, users, leavers);
    rows.push(
      await observe(simulator, "tutorial", `up, ${users} users, ${leavers} leavers`, () =>
        pulumi(["up", "-s", "bench", "--yes", "--skip-preview"]),
      ),
    );
  });
}

async function largeStory(users: number): Promise<void> {
  await inOrganisation(users, async (simulator, workspace) => {
    const pulumi = (args: string[]) => measure("pulumi", args, { cwd: workspace.folder, env: workspace.environment });
    await configure(simulator, workspace, users);
    await giveHrFeed(workspace, users, 0);
    await pulumi(["stack", "init", "bench"]);
    rows.push(
      await observe(simulator, "this project", `adopt, ${users} users`, () =>
        measure(process.execPath, ["tools/adopt.ts", "-s", "bench"], { cwd: workspace.folder, env: workspace.environment }),
      ),
    );
    rows.push(
      await observe(simulator, "this project", `steady preview, ${users} users`, () =>
        pulumi(["preview", "-s", "bench", "--expect-no-changes"]),
      ),
    );
  });
}

/** From the bytes of a feed to decisions, without engine or network: time and memory as the process itself sees them. */
async function decideStory(sizes: readonly number[]): Promise<void> {
  for (const size of sizes) {
    const rounds: Row[] = [];
    for (let round = 0; round < runs; round++) {
      const { output, code } = await measure(process.execPath, [join(here, "decide.ts"), String(size)], { cwd: here, env: environment() });
      if (code !== 0) throw new Error(output);
      const { seconds, peakMb } = JSON.parse(output) as { seconds: number; peakMb: number };
      const what = `decide, ${size} rows, ${size} users`;
      rounds.push({ who: "this project", what, measured: { seconds, code, output, peakMb: { process: peakMb } }, requests: "none" });
      console.error(`this project, ${what}: ${seconds.toFixed(1)} s, ${peakMb} MB`);
    }
    rows.push(medianOf(rounds));
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function inOrganisation(users: number, work: (simulator: Simulator, workspace: Workspace) => Promise<void>): Promise<void> {
  const simulator = await createSimulator({ seed: generateSeed(users, domain), latencyMs });
  const workspace = await createWorkspace(console.error);
  try {
    await work(simulator, workspace);
  } finally {
    await simulator.close();
    await workspace.remove();
  }
}

async function configure(simulator: Simulator, workspace: Workspace, users: number): Promise<void> {
  const open = { count: users, percent: 100 };
  await writeStackConfig(workspace, "bench", {
    apiUrl: simulator.url,
    domain,
    credentials: { source: "simulator" },
    hr: { source: "csv", path: "hr.csv" },
    limits: { toFunctional: open, missing: open, terminated: open, toEndUser: open },
    passport: { activeDropPoints: 100 },
  });
}

async function giveHrFeed({ folder }: Workspace, users: number, leavers: number): Promise<void> {
  const path = join(folder, "hr.csv");
  await writeFile(path, generateHrCsv(users, leavers, domain));
  // An export of an hour ago: one of just now is looked at twice, which takes half a second.
  const anHourAgo = Date.now() / 1000 - 3600;
  await utimes(path, anHourAgo, anHourAgo);
}

async function observe(simulator: Simulator, who: string, what: string, work: () => Promise<Measured>): Promise<Row> {
  const asked = simulator.requests.length;
  const measured = await work();
  if (measured.code !== 0) throw new Error(`${who}, ${what} ended with ${measured.code}:\n${measured.output.slice(-2000)}`);
  const requests = simulator.requests.slice(asked);
  const count = (method: string, list: boolean) =>
    requests.filter((request) => request.method === method && request.path.endsWith("/users") === list).length;
  console.error(`${who}, ${what}: ${measured.seconds.toFixed(1)} s`);
  return { who, what, measured, requests: `${count("GET", true)} lists, ${count("GET", false)} GET, ${count("PUT", false)} PUT` };
}

function medianOf(same: readonly Row[]): Row {
  const sorted = same.toSorted((a, b) => a.measured.seconds - b.measured.seconds);
  return sorted[Math.floor(sorted.length / 2)] as Row;
}

function printTable(): void {
  const cells = rows.map(({ who, what, measured, requests }) => [
    who,
    what,
    `${measured.seconds.toFixed(1)} s`,
    requests,
    Object.entries(measured.peakMb)
      .map(([kind, mb]) => `${kind} ${mb}`)
      .join(", "),
  ]);
  const table = [["who", "what", "time", "requests", "peak memory, MB"], ...cells];
  for (const line of alignTable(table)) console.log(line);
}

function printRatios(): void {
  const seconds = (who: string, what: string) => rows.find((row) => row.who === who && row.what === what)?.measured.seconds;
  const ratio = (title: string, bar: string, slower: number | undefined, faster: number | undefined) => {
    if (slower !== undefined && faster !== undefined) console.log(`${title}: ${(slower / faster).toFixed(1)}×  (bar: ${bar})`);
  };
  const ours = "this project";
  console.log("");
  ratio(
    "steady preview, 1000 users: tutorial / this project",
    "at least 6×",
    seconds("tutorial", "steady preview, 1000 users"),
    seconds(ours, "steady preview, 1000 users"),
  );
  ratio(
    "up, 1000 users, 50 leavers: script / this project",
    "at least 1×",
    seconds("script", "up, 1000 users, 50 leavers"),
    seconds(ours, "up, 1000 users, 50 leavers"),
  );
  ratio(
    "up, 1000 users, 500 leavers: script / this project",
    "at least 3×",
    seconds("script", "up, 1000 users, 500 leavers"),
    seconds(ours, "up, 1000 users, 500 leavers"),
  );
  const large = Number(values.large);
  const perUser = (users: number) => {
    const whole = seconds(ours, `steady preview, ${users} users`);
    return whole === undefined ? undefined : whole / users;
  };
  ratio(`steady preview, time per user: ${large} users / 1000 users`, "at most 1.3×", perUser(large), perUser(1000));
  const most = rows.find((row) => row.what === "decide, 100000 rows, 100000 users")?.measured;
  if (most === undefined) return;
  console.log(
    `decide, 100000 rows, 100000 users: ${most.seconds.toFixed(1)} s  (bar: under 3 s), ${most.peakMb["process"]} MB  (bar: under 600 MB)`,
  );
  ratio(
    "decide, time per row: 100000 rows / 25000 rows",
    "at most 1.3×",
    most.seconds / 100_000,
    (seconds(ours, "decide, 25000 rows, 25000 users") ?? NaN) / 25_000,
  );
}
