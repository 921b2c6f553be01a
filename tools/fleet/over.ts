import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, open, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { renderTable, toFacts, type Outcome } from "../../fleet/outcome.ts";
import { runAll, type Bounds } from "../../fleet/runAll.ts";
import { FleetError, type Member } from "../../fleet/settings.ts";
import { stackFile } from "../../fleet/stackFile.ts";
import { readStackFile } from "./init.ts";
import { preparePulumi } from "../cli/preparePulumi.ts";

const quiet = ["--non-interactive", "--suppress-progress", "--color", "never"];
const doctor = fileURLToPath(new URL("../doctor.ts", import.meta.url));

/** What can be run over a fleet, and the process it is for one stack. */
const commands = {
  preview: (stack: string) => ["pulumi", "preview", "--stack", stack, ...quiet],
  up: (stack: string) => ["pulumi", "up", "--yes", "--skip-preview", "--stack", stack, ...quiet],
  drift: (stack: string) => ["pulumi", "preview", "--expect-no-changes", "--stack", stack, ...quiet],
  doctor: (stack: string) => [process.execPath, doctor, "-s", stack],
} as const;
export type Over = keyof typeof commands;

export function isOver(command: string): command is Over {
  return Object.hasOwn(commands, command);
}

const folder = "out/fleet";

/** One command over many organisations. What each says is in out/fleet/STACK.COMMAND.log. */
export async function over(command: Over, members: readonly Member[], { resume, part, ...bounds }: Bounds & Continuation): Promise<number> {
  await refuseOldFiles(members);
  await mkdir(folder, { recursive: true });
  const progress = `${folder}/${command}${part}.jsonl`;
  const before = resume ? await readProgress(progress) : [];
  if (!resume) await rm(progress, { force: true });
  const succeeded = new Map(before.filter(({ code }) => code === 0).map((outcome) => [outcome.stack, outcome]));
  const left = members.filter(({ stack }) => !succeeded.has(stack));
  if (resume) console.log(`${members.length - left.length} of ${members.length} succeeded before; ${left.length} are left.`);
  const environment = await preparePulumi(undefined);
  let ended = members.length - left.length;
  const outcomes = await runAll(
    left,
    bounds,
    (member) => runOne(command, member.stack, environment),
    async (outcome) => {
      ended += 1;
      await appendFile(progress, `\n${JSON.stringify(outcome)}\n`);
      console.log(
        `${String(ended).padStart(String(members.length).length)}/${members.length}  ${outcome.stack}  ${outcome.code === 0 ? "ok" : "failed"}`,
      );
    },
  );
  // A run in which nobody failed is over: the next one begins anew, resumed or not.
  if (outcomes.every(({ code }) => code === 0)) await rm(progress, { force: true });
  const all = [...members.flatMap(({ stack }) => succeeded.get(stack) ?? []), ...outcomes];
  console.log(`\n${renderTable(all)}\nDetails of each: ${folder}/STACK.${command}.log`);
  return all.some(({ code }) => code !== 0) ? 1 : 0;
}

export interface Continuation {
  /** Leaves out those that succeeded before. */
  readonly resume: boolean;
  /** What tells the progress of this part of the fleet from that of others: empty for all of it. */
  readonly part: string;
}

/** What is run is what the stack's file says: one that is older than fleet.yaml would run something else. */
async function refuseOldFiles(members: readonly Member[]): Promise<void> {
  const old: string[] = [];
  for (const member of members) {
    const before = await readStackFile(member.stack);
    if (before === "" || stackFile(member, before) !== before) old.push(member.stack);
  }
  if (old.length > 0)
    throw new FleetError(
      `The files of ${old.slice(0, 5).join(", ")}${old.length > 5 ? ", …" : ""} are not what fleet.yaml says (${old.length}). Run: npm run fleet -- init`,
    );
}

/** In a process of its own, whose output goes to a file and not through this one. */
async function runOne(command: Over, stack: string, environment: Readonly<Record<string, string>>): Promise<Outcome> {
  const started = performance.now();
  const report = `${folder}/${stack}.json`;
  await rm(report, { force: true });
  const log = await open(`${folder}/${stack}.${command}.log`, "w");
  try {
    const [program, ...args] = commands[command](stack) as [string, ...string[]];
    const child = spawn(program, args, { env: environment, stdio: ["ignore", log.fd, log.fd] });
    const [code] = (await once(child, "close")) as [number | null];
    const facts = await readFile(report, "utf8").then(
      (text) => toFacts(JSON.parse(text) as Parameters<typeof toFacts>[0]),
      () => undefined,
    );
    return { stack, code: code ?? 1, seconds: (performance.now() - started) / 1000, ...(facts && { facts }) };
  } finally {
    await log.close();
  }
}

async function readProgress(path: string): Promise<readonly Outcome[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  // The last line may be half of one, where the run was killed.
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as Outcome];
    } catch {
      return [];
    }
  });
}
