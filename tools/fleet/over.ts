import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { constants } from "node:os";
import { renderTable, type Outcome } from "../../fleet/outcome.ts";
import { runAll, type Bounds } from "../../fleet/runAll.ts";
import { FleetError, type Member } from "../../fleet/settings.ts";
import { isUpToDate } from "../../fleet/stackFile.ts";
import { listSome } from "../../program/lists/listSome.ts";
import { alone } from "../cli/alone.ts";
import { preparePulumi } from "../cli/preparePulumi.ts";
import { watchForSignals } from "../cli/watchForSignals.ts";
import type { Over } from "./commands.ts";
import { readStackFile } from "./init.ts";
import { folder, runOne } from "./runOne.ts";

export interface Continuation {
  /** Leaves out those that succeeded before with the configuration they have now. */
  readonly resume: boolean;
  /** What tells the progress of this part of the fleet from that of others: empty for all of it. */
  readonly part: string;
}

/** One command over many organisations. What each says is in out/fleet/STACK.COMMAND.log. */
export async function over(command: Over, members: readonly Member[], continuation: Bounds & Continuation): Promise<number> {
  if (members.length === 0) {
    console.log("No organisation is in this part of the fleet, so nothing was run.");
    return 0;
  }
  await refuseOldFiles(members);
  await mkdir(folder, { recursive: true });
  // Two at once would write the same logs and reports.
  return alone({ folder, command: "fleet", goesOn: true }, () => runAndTell(command, members, continuation));
}

async function runAndTell(command: Over, members: readonly Member[], { resume, part, ...bounds }: Bounds & Continuation): Promise<number> {
  const progress = `${folder}/${command}${part}.jsonl`;
  const before = resume ? await readProgress(progress) : [];
  if (!resume) await rm(progress, { force: true });
  // The last outcome of each counts: one that failed since has not succeeded.
  const last = new Map(before.map((outcome) => [outcome.stack, outcome]));
  const isDone = ({ stack, hash }: Member) => last.get(stack)?.code === 0 && last.get(stack)?.config === hash;
  const left = members.filter((member) => !isDone(member));
  if (resume) console.log(`${members.length - left.length} of ${members.length} succeeded before; ${left.length} are left.`);
  const environment = await preparePulumi(undefined);

  const watch = watchForSignals();
  let ended = members.length - left.length;
  const outcomes = await runAll(
    left,
    bounds,
    (member) => runOne(command, member, environment, watch),
    async (outcome) => {
      ended += 1;
      if (outcome.code === undefined) return;
      // A full disk takes --resume away, and nothing else.
      await appendFile(progress, `\n${JSON.stringify(outcome)}\n`).catch((error: unknown) =>
        console.error(`--resume will not know of ${outcome.stack}: ${(error as Error).message}`),
      );
      const at = String(ended).padStart(String(members.length).length);
      console.log(`${at}/${members.length}  ${outcome.stack}  ${outcome.code === 0 ? "ok" : "failed"}`);
    },
  );
  watch.stop();
  // A run in which nobody failed is over: the next one begins anew, resumed or not.
  if (outcomes.every(({ code }) => code === 0)) await rm(progress, { force: true });
  const all = [...members.filter(isDone).flatMap(({ stack }) => last.get(stack) ?? []), ...outcomes];
  console.log(`\n${renderTable(all)}\nDetails of each: ${folder}/STACK.${command}.log`);
  if (watch.signal === undefined) return all.some(({ code }) => code !== 0) ? 1 : 0;
  console.log("Interrupted. The same command with --resume goes on.");
  return 128 + constants.signals[watch.signal];
}

/** What is run is what the stack's file says: one that is older than fleet.yaml would run something else. */
async function refuseOldFiles(members: readonly Member[]): Promise<void> {
  const old: string[] = [];
  for (const member of members) {
    const before = await readStackFile(member.stack);
    if (!isUpToDate(member, before)) old.push(member.stack);
  }
  if (old.length > 0)
    throw new FleetError(`The files of these stacks are not what fleet.yaml says: ${listSome(old)}. Run: npm run fleet -- init`);
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
