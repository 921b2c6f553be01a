import { createReadSecret } from "../../program/hr/secret.ts";
import { hrSchema, readFeed } from "../../program/hr/source.ts";
import type { SourceContext } from "../../program/hr/sourceContext.ts";
import type { Feed } from "../../program/hr/row.ts";

export interface ReadOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly projectRoot?: string;
  readonly sleep?: (ms: number) => Promise<void>;
  readonly now?: () => number;
}

/** What a source is given in tests: no waiting, and an environment of the test's own. */
export function sourceContext({ environment = {}, projectRoot = "/", ...overrides }: ReadOptions = {}): SourceContext {
  return {
    projectRoot,
    readSecret: createReadSecret(environment, projectRoot),
    say: () => undefined,
    sleep: async () => undefined,
    now: Date.now,
    ...overrides,
  };
}

/** Reads a feed by what would stand in the stack's configuration. */
export function readHr(settings: object, options: ReadOptions = {}): Promise<Feed> {
  return readFeed(hrSchema.parse(settings), sourceContext(options));
}

/** The rows in short: their status and address. */
export function inShort({ rows }: Feed): string[] {
  return rows.map(({ status, email }) => `${status} ${email}`);
}
