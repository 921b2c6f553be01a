import { fileURLToPath } from "node:url";

const quiet = ["--non-interactive", "--suppress-progress", "--color", "never"];
const doctor = fileURLToPath(new URL("../doctor.ts", import.meta.url));

interface Command {
  /** The process it is for one stack. */
  readonly of: (stack: string) => readonly [string, ...string[]];
  /** It writes the stack's report. */
  readonly reports: boolean;
}

/** What can be run over a fleet. */
export const commands = {
  preview: { of: (stack) => ["pulumi", "preview", "--stack", stack, ...quiet], reports: true },
  up: { of: (stack) => ["pulumi", "up", "--yes", "--skip-preview", "--stack", stack, ...quiet], reports: true },
  drift: { of: (stack) => ["pulumi", "preview", "--expect-no-changes", "--stack", stack, ...quiet], reports: true },
  doctor: { of: (stack) => [process.execPath, doctor, "-s", stack], reports: false },
} as const satisfies Readonly<Record<string, Command>>;
export type Over = keyof typeof commands;

export function isOver(command: string): command is Over {
  return Object.hasOwn(commands, command);
}
