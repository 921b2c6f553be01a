import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Measured {
  readonly seconds: number;
  readonly code: number | null;
  /** Peak resident memory in MB of each kind of process; empty where the system has no /proc. */
  readonly peakMb: Readonly<Record<string, number>>;
  readonly output: string;
}

const sampleEveryMs = 300;

/** Runs a command to its end, with its wall time and the peak memory of every process it started. */
export async function measure(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<Measured> {
  const started = performance.now();
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const peakKb = new Map<string, number>();
  const sampling = setInterval(() => samplePeaks(child.pid ?? -1, peakKb), sampleEveryMs);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearInterval(sampling);
  const peakMb = Object.fromEntries([...peakKb].map(([kind, kb]) => [kind, Math.round(kb / 1024)]));
  return { seconds: (performance.now() - started) / 1000, code, peakMb, output };
}

function samplePeaks(root: number, peakKb: Map<string, number>): void {
  for (const pid of [root, ...descendants(root)]) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ");
      const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      const kind = kindOf(command);
      if (peak !== undefined && kind !== undefined) peakKb.set(kind, Math.max(peakKb.get(kind) ?? 0, Number(peak)));
    } catch {
      // It ended meanwhile, or there is no /proc.
    }
  }
}

function kindOf(command: string): string | undefined {
  if (command.includes("dynamic-provider")) return "provider";
  if (command.includes("pulumi-language-nodejs")) return "host";
  if (command.includes("cmd/run")) return "program";
  if (/(^|\/)pulumi /.test(command)) return "engine";
  return command.includes("bench/script.ts") ? "script" : undefined;
}

/** Every process below one, where the system has /proc. */
export function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  let pids: string[] = [];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  for (const pid of pids) {
    try {
      const parent = Number(
        readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) \S /, "")
          .split(" ")[0],
      );
      children.set(parent, [...(children.get(parent) ?? []), Number(pid)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}
