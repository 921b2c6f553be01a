import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { descendants } from "../../bench/measure.ts";

export { descendants };

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Every process that works in a folder, wherever it was started; where the system has /proc. */
export function processesIn(folder: string): string[] {
  const pids = existsSync("/proc") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  const worksIn = (pid: string) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  };
  return pids.filter(worksIn).map((pid) => commandOf(Number(pid)));
}

export function isAlive(pid: number): boolean {
  return commandOf(pid) !== "";
}

export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
