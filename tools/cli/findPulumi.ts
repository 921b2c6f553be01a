import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import semver from "semver";
import { buildPulumi } from "./buildPulumi.ts";
import type { FoundPulumi, Way } from "./way.ts";

/** The version that is downloaded or built: the one this project was measured with. */
export const cliVersion = "3.259.0";
/** The oldest version found on PATH that will do: importing with outputs needs it. */
export const oldestVersion = "3.254.0";

/**
 * Finds or gets a Pulumi CLI: on PATH, else the official download, else a build from Pulumi's own Go modules. Ctrl-C
 * ends the search and what it has begun.
 * @throws Error naming each way and why it is closed
 */
export async function findPulumi(say: (line: string) => void, ways: readonly Way[] = standardWays()): Promise<FoundPulumi> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new Error("Interrupted."));
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await firstOpen(ways, say, interruption.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function firstOpen(ways: readonly Way[], say: (line: string) => void, signal: AbortSignal): Promise<FoundPulumi> {
  const closed: string[] = [];
  for (const { name, find } of ways) {
    const result = await find(say, signal).catch((error: unknown) => ({ closed: firstLine(error) }));
    // An interrupted download is no reason to begin a build.
    signal.throwIfAborted();
    if (!("closed" in result)) return result;
    closed.push(`  ${name}: ${result.closed}`);
  }
  throw new Error(
    `There is no Pulumi CLI, and none could be had:\n${closed.join("\n")}\n` +
      `Any one of these is enough: a pulumi ${oldestVersion} or newer on PATH, network access to get.pulumi.com, or Go 1.25 or newer.`,
  );
}

/** @param folder where what is downloaded or built is kept, outside the checkout: a second clone finds it again */
export function standardWays(folder = cacheFolder(), environment = process.env): readonly Way[] {
  const built = join(folder, `pulumi-${cliVersion}-built`);
  const downloaded = join(folder, `pulumi-${cliVersion}`);
  const all: Record<string, Way> = {
    path: { name: "on PATH", find: () => onPath() },
    download: { name: "official download", find: (say) => download(downloaded, say) },
    build: { name: "build with Go", find: (say, signal) => buildPulumi(built, cliVersion, say, signal) },
  };
  // What an earlier run left is as good as on PATH, whichever way it came.
  const kept: Way = {
    name: `kept in ${folder}`,
    find: async () => (await keptIn(downloaded)) ?? (await keptIn(built)) ?? { closed: "nothing there yet" },
  };
  const only = environment["PROOFPOINT_PULUMI_CLI"];
  if (only === undefined) return [all["path"], kept, all["download"], all["build"]].filter((way) => way !== undefined);
  const way = all[only];
  if (!way) throw new Error(`PROOFPOINT_PULUMI_CLI is "${only}"; use path, download or build.`);
  return [way];
}

/** Where this project keeps what is expensive to get again, for all clones of it. */
export function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "proofpoint-account-state");
}

async function onPath(): Promise<FoundPulumi | { closed: string }> {
  const version = await versionOf("pulumi");
  if (version === undefined) return { closed: "there is no pulumi" };
  return semver.gte(version, oldestVersion) ? {} : { closed: `pulumi ${version} is older than ${oldestVersion}` };
}

async function keptIn(root: string): Promise<FoundPulumi | undefined> {
  const binFolder = join(root, "bin");
  return (await versionOf(join(binFolder, "pulumi"))) === undefined ? undefined : { binFolder };
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
    return semver.valid(stdout.trim()) ?? undefined;
  } catch {
    return undefined;
  }
}

async function download(root: string, say: (line: string) => void): Promise<FoundPulumi> {
  say(`Getting the Pulumi CLI ${cliVersion} from get.pulumi.com (about 150 MB, a minute or two) into ${root}`);
  await mkdir(root, { recursive: true });
  await PulumiCommand.install({ root, version: new semver.SemVer(cliVersion) });
  return { binFolder: join(root, "bin") };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]?.trim() || "failed without a word";
}
