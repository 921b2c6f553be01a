import type { Case } from "./case.ts";
import { events } from "./events.ts";
import { kills } from "./kills.ts";
import { Lane } from "./lane.ts";
import { requestFaults } from "./requestFaults.ts";
import { large, small, type World } from "./world.ts";

const worlds: Readonly<Record<Case["world"], () => World>> = { small, slow: () => small({ latencyMs: 100 }), large };

export interface Outcome {
  readonly case: Case;
  /** What did not hold; empty where everything did. */
  readonly faults: readonly string[];
}

/** Every case there is. @param seed of the moments at which processes are killed */
export function campaign(seed: number): readonly Case[] {
  return [...requestFaults, ...events, ...kills(randomFrom(seed))];
}

/** Runs cases, so many at a time; each settles by itself, in any order. */
export function runCases(cases: readonly Case[], lanes: number): readonly Promise<Outcome>[] {
  const outcomes = cases.map((each) => ({ case: each, ...Promise.withResolvers<Outcome>() }));
  const open = [...outcomes];
  const work = async () => {
    const own = new Map<Case["world"], Lane>();
    const laneOf = async (world: Case["world"]) => {
      const lane = own.get(world) ?? (await Lane.start(worlds[world]()));
      own.set(world, lane);
      return lane;
    };
    for (let next = open.shift(); next; next = open.shift()) {
      const { case: each, resolve, reject } = next;
      await laneOf(each.world)
        .then((lane) => each.run(lane))
        .then((faults) => resolve({ case: each, faults }), reject);
    }
    await Promise.all([...own.values()].map((lane) => lane.close()));
  };
  for (let lane = 0; lane < lanes; lane++) void work();
  return outcomes.map(({ promise }) => promise);
}

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
