import type { ChildProcess } from "node:child_process";

export interface Watch {
  /** The first signal that came; none as long as nothing did. */
  readonly signal: NodeJS.Signals | undefined;
  /** Who is told as well. */
  readonly children: Set<ChildProcess>;
  stop(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** This process outlives a signal; who is at work for it is told, and ends what it is doing. */
export function watchForSignals(): Watch {
  const children = new Set<ChildProcess>();
  let first: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    first ??= signal;
    for (const child of children) passOn(signal, child);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    get signal() {
      return first;
    },
    children,
    stop: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** Passes a signal on to a command, unless it came from the terminal, which has told the command already. */
export function passOn(signal: NodeJS.Signals, child: ChildProcess): void {
  if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
}
