import type { ReadSecret } from "./secret.ts";

/** What every source may know of its surroundings. */
export interface SourceContext {
  readonly projectRoot: string;
  readonly readSecret: ReadSecret;
  /** For people who wait: how a long read goes on. */
  readonly say: (line: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
}
