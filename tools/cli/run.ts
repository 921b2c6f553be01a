import { spawn, type SpawnOptions } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a command in the foreground and returns its exit status, or 128 + the signal's number. Signals sent to this
 * process alone are passed on; Ctrl-C reaches the command by itself, and this process waits for it to clean up.
 */
export async function run(command: string, args: readonly string[], options: SpawnOptions): Promise<number> {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  const wait = () => undefined;
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGINT", wait).on("SIGTERM", passOn).on("SIGHUP", passOn);
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject).once("close", (...ended) => resolve(ended));
    });
    return code ?? 128 + (signal ? constants.signals[signal] : 0);
  } finally {
    process.off("SIGINT", wait).off("SIGTERM", passOn).off("SIGHUP", passOn);
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
