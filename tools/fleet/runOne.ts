import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, rm } from "node:fs/promises";
import { findError, toFigures, type Figures, type Outcome } from "../../fleet/outcome.ts";
import type { Member } from "../../fleet/settings.ts";
import type { Watch } from "../cli/watchForSignals.ts";
import { commands, type Over } from "./commands.ts";

/** Where each organisation's report and what was said of it are. */
export const folder = "out/fleet";

/** In a process of its own, whose output goes to a file and not through this one. */
export async function runOne(
  command: Over,
  { stack, hash: config }: Member,
  environment: Readonly<Record<string, string>>,
  watch: Watch,
): Promise<Outcome> {
  const started = performance.now();
  const { of, reports } = commands[command];
  const notRun = { stack, seconds: 0, config };
  const isOver = () => watch.signal !== undefined;
  // It keeps what the last run said.
  if (isOver()) return notRun;
  const report = `${folder}/${stack}`;
  // A report of an earlier run would be taken for this one's.
  if (reports) for (const ending of ["json", "md"]) await rm(`${report}.${ending}`, { force: true });
  const path = `${folder}/${stack}.${command}.log`;
  // A process that outlived a killed run writes on in its own.
  await rm(path, { force: true });
  const log = await open(path, "w");
  try {
    // Nobody is begun who would not be told of a signal.
    if (isOver()) return notRun;
    const [program, ...args] = of(stack);
    const child = spawn(program, args, { env: environment, stdio: ["ignore", log.fd, log.fd] });
    watch.children.add(child);
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    watch.children.delete(child);
    const figures = reports ? await readFigures(`${report}.json`) : undefined;
    const ended = signal === null ? undefined : `its process was ended by ${signal}`;
    const why = code === 0 ? undefined : (findError(await readFile(path, "utf8")) ?? ended);
    return {
      stack,
      code: code ?? 1,
      seconds: (performance.now() - started) / 1000,
      config,
      ...(figures && { figures }),
      ...(why && { why }),
    };
  } finally {
    await log.close();
  }
}

async function readFigures(report: string): Promise<Figures | undefined> {
  const text = await readFile(report, "utf8").catch(() => undefined);
  return text === undefined ? undefined : toFigures(JSON.parse(text) as Parameters<typeof toFigures>[0]);
}
