import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { FoundPulumi } from "./way.ts";

const modules = fileURLToPath(new URL("go/", import.meta.url));
/** Starts dynamic providers; a CLI of releases has one of its own. */
const starter = "pulumi-resource-pulumi-nodejs";
const progressEveryMs = 15_000;

/**
 * Builds the Pulumi CLI and its Node language host from Pulumi's own Go modules, with nothing but the Go module proxy.
 * The versions are pinned by go.mod and go.sum below tools/cli/go; the two programs need different SDKs.
 * @param root ends up with `bin/`, or is not touched
 */
export async function buildPulumi(
  root: string,
  version: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<FoundPulumi | { closed: string }> {
  const go = await goVersion();
  if (!go) return { closed: "there is no go" };
  if (go.minor < 25) return { closed: `Go 1.${go.minor} is older than 1.25` };

  say(`Building the Pulumi CLI ${version} from its Go modules: about 5 minutes on two cores, once; kept in ${root}`);
  await mkdir(dirname(root), { recursive: true });
  const work = await mkdtemp(`${root}-`);
  try {
    for (const module of ["language-host", "cli"]) await install(module, work, version, say, signal);
    await cp(join(modules, starter), join(work, "out", "bin", starter));
    // Whoever finishes first has it; the other build is the same.
    await rename(join(work, "out"), root).catch((error: unknown) => {
      if (!["EEXIST", "ENOTEMPTY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { binFolder: join(root, "bin") };
}

async function install(module: string, work: string, version: string, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const source = join(work, module);
  await cp(join(modules, module), source, { recursive: true });
  const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  const child = spawn("go", ["install", "-v", "-trimpath", "-tags", "osusergo,grpcnotrace", "-ldflags", flags, "tool"], {
    cwd: source,
    env: { ...process.env, GOBIN: join(work, "out", "bin"), CGO_ENABLED: "0", GOFLAGS: "" },
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  const started = Date.now();
  const progress = setInterval(() => {
    const downloaded = lines.filter((line) => line.startsWith("go: downloading")).length;
    const seconds = Math.round((Date.now() - started) / 1000);
    say(`  ${module}: ${seconds} s, ${downloaded} modules downloaded, ${lines.length - downloaded} packages compiled`);
  }, progressEveryMs);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    if (code !== 0) throw new Error(`go install of the ${module} ended with ${code}: ${lines.slice(-3).join(" | ")}`);
  } finally {
    clearInterval(progress);
  }
}

async function goVersion(): Promise<{ minor: number } | undefined> {
  try {
    const { stdout } = await promisify(execFile)("go", ["version"]);
    const minor = /go1\.(\d+)/.exec(stdout)?.[1];
    return minor === undefined ? undefined : { minor: Number(minor) };
  } catch {
    return undefined;
  }
}
