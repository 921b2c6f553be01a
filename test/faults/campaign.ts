import { existsSync } from "node:fs";
import pLimit from "p-limit";
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
export function allCases(seed: number): readonly Case[] {
  return [...requestFaults, ...events, ...kills(randomFrom(seed))];
}

/** Whether this machine has what a case needs. */
export function canTry({ needs }: Case): boolean {
  return needs === undefined || existsSync(needs);
}

/** Runs cases in lanes, several at a time. A lane is used for one case after the other. */
export class Campaign {
  private readonly cases: readonly Case[];
  private readonly outcomes = new Map<number, Promise<Outcome>>();
  private readonly free = new Map<Case["world"], Lane[]>();
  private readonly limit;
  readonly lanes: number;

  constructor(cases: readonly Case[], lanes: number) {
    this.cases = cases;
    this.lanes = lanes;
    this.limit = pLimit(lanes);
  }

  /** Begins a case, if nobody has, and settles with it. */
  outcome(index: number): Promise<Outcome> {
    const known = this.outcomes.get(index);
    const { cases } = this;
    const found = cases[index];
    if (known || !found) return known ?? Promise.reject(new Error(`There are ${cases.length} cases.`));
    const outcome = this.limit(() => this.run(found));
    this.outcomes.set(index, outcome);
    return outcome;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.outcomes.values());
    await Promise.all([...this.free.values()].flat().map((lane) => lane.close()));
  }

  private async run(each: Case): Promise<Outcome> {
    const lane = this.free.get(each.world)?.pop() ?? (await Lane.start(worlds[each.world]()));
    try {
      return { case: each, faults: await each.run(lane) };
    } finally {
      this.free.set(each.world, [...(this.free.get(each.world) ?? []), lane]);
    }
  }
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
