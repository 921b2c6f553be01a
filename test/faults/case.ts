import type { Lane } from "./lane.ts";

/** Something that goes wrong. */
export interface Case {
  readonly group: string;
  readonly name: string;
  /** The kind of organisation it happens to. */
  readonly world: "small" | "slow" | "large";
  /** What this needs of the machine, where that is not everywhere: a path that must exist. */
  readonly needs?: string;
  /** @returns what did not hold; nothing where everything did */
  readonly run: (lane: Lane) => Promise<string[]>;
}
