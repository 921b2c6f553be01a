import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { watchForSignals } from "./watchForSignals.ts";

/**
 * Runs a command in the foreground and returns its exit status, or 128 + the signal's number. This process outlives it:
 * Ctrl-C on a terminal reaches the command by itself, any other signal is passed on, and what is to be cleaned up is.
 */
export async function run(command: string, args: readonly string[], options: SpawnOptions): Promise<number> {
  return ended(spawn(command, args, { stdio: "inherit", ...options }));
}

/** The same out of sight: what the command said is returned with its exit status. */
export async function runQuietly(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  return { code: await ended(child), ...said };
}

/** In the foreground, and what the command said is returned as well. @param clean is given every line before anybody sees it */
export async function runAloud(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  clean: (line: string) => string,
): Promise<{ code: number; said: string }> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const listen = async (from: Readable, to: NodeJS.WriteStream) => {
    for await (const line of createInterface({ input: from, crlfDelay: Infinity })) {
      said += `${clean(line)}\n`;
      to.write(`${clean(line)}\n`);
    }
  };
  const [code] = await Promise.all([ended(child), listen(child.stdout, process.stdout), listen(child.stderr, process.stderr)]);
  return { code, said };
}

async function ended(child: ChildProcess): Promise<number> {
  const watch = watchForSignals();
  watch.children.add(child);
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject).once("close", (...result) => resolve(result));
    });
    return code ?? 128 + (signal ? constants.signals[signal] : 0);
  } finally {
    watch.stop();
  }
}

/** The value of an option written `-s dev`, `--stack dev`, `-s=dev` or `--stack=dev`. */
export function optionValue(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, argument] of args.entries()) {
    if (argument === "--") return undefined;
    const [name, ...value] = argument.split("=");
    if (!names.includes(name ?? "")) continue;
    return value.length > 0 ? value.join("=") : args[index + 1];
  }
  return undefined;
}
