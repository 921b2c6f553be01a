import type { Lane } from "./lane.ts";

/** Something that goes wrong. */
export interface Case {
  readonly group: string;
  readonly name: string;
  /** The kind of organisation it happens to. */
  readonly world: "small" | "slow" | "large";
  /** @returns what did not hold; nothing where everything did */
  readonly run: (lane: Lane) => Promise<string[]>;
}
