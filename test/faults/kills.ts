import { setTimeout as rest } from "node:timers/promises";
import { commandOf, descendants, isAlive, kill } from "../support/processes.ts";
import type { Case } from "./case.ts";
import type { Lane } from "./lane.ts";

const victims = { CLI: undefined, program: "cmd/run", provider: "dynamic-provider" } as const;
type Victim = keyof typeof victims;

const moments = 10;
const changes = 200;
/** A busy machine takes its time to notice that an engine is gone. */
const patienceMs = 10_000;

/** SIGKILL at random moments of an up. @param random 0 ≤ n < 1 */
export function kills(random: () => number): readonly Case[] {
  return (Object.keys(victims) as Victim[]).flatMap((victim) =>
    Array.from({ length: moments }, () => {
      const after = Math.floor(random() * changes);
      return {
        group: `SIGKILL of the ${victim} in an up`,
        name: `after ${after} of ${changes} writes`,
        world: "large" as const,
        needs: "/proc/self/cmdline",
        run: (lane: Lane) => killAndRepeat(lane, victim, after),
      };
    }),
  );
}

async function killAndRepeat(lane: Lane, victim: Victim, after: number): Promise<string[]> {
  const { simulator } = lane.engine;
  await lane.begin("adopted");
  const running = lane.engine.start("up", "--yes", "--skip-preview");
  const state = { ended: false };
  void running.ended.then(() => (state.ended = true));
  const writes = () => simulator.requests.filter(({ method, path }) => method === "PUT" && path.includes("/users/")).length;
  while (!state.ended && (writes() < after || findVictim(running.pid, victim) === undefined)) await rest(5);
  const family = descendants(running.pid);
  const pid = state.ended ? undefined : findVictim(running.pid, victim);
  if (pid !== undefined) kill(pid);
  const { code, output } = lane.heard(await running.ended);
  if (pid === undefined) return ["it had ended before anything was killed"];
  const faults = code !== 0 ? [] : [`the run ended with 0 although its ${victim} was killed`];
  if (victim !== "CLI" && !/error/i.test(output)) faults.push(`it says nothing of it: ${output.slice(-1500)}`);

  // What is of this project ends by itself; Pulumi's own language host outlives a killed CLI.
  const ours = () => family.filter((each) => /dynamic-provider|cmd\/run/.test(commandOf(each)));
  for (let waitedMs = 0; waitedMs < patienceMs && ours().length > 0; waitedMs += 100) await rest(100);
  faults.push(...ours().map((each) => `${commandOf(each)} is still there`));
  for (const left of family.filter(isAlive)) kill(left);
  const written = writes();
  await rest(200);
  if (writes() !== written) faults.push("somebody goes on writing");
  if (victim === "CLI") await lane.pulumi("cancel", "--yes");
  return [...faults, ...(await lane.converge())];
}

function findVictim(cli: number, victim: Victim): number | undefined {
  const marker = victims[victim];
  return marker === undefined ? cli : descendants(cli).find((pid) => commandOf(pid).includes(marker));
}
