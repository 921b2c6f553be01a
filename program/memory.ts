import { z } from "zod";
import { evidences } from "./hr/evidence.ts";
import type { FeedPassport } from "./hr/passport.ts";

/** What a stack remembers of its applied runs. */
export interface Memory {
  /** Absent before the first `up`. */
  readonly passport?: FeedPassport;
  /** Hashes of the feeds of earlier runs, newest first, without repetitions. */
  readonly feeds: readonly string[];
}

/** So many feeds are remembered, to know an old one when it comes again. */
export const rememberedFeeds = 60;

const count = z.number();

/** The outputs of this stack's last applied run, as far as the next run compares itself with them. */
const outputsSchema = z.object({
  feed: z.object({
    rows: count,
    persons: count,
    rowsWithoutAddress: count,
    rowsRefused: count,
    personsWithoutAccount: count,
    endUsers: count,
    endUsersKnown: count,
    statuses: z.record(z.enum(evidences), count),
    words: z.record(z.string(), count),
    columns: z.array(z.string()),
    newestEffective: z.string(),
    modified: z.string(),
    hash: z.string(),
  }) satisfies z.ZodType<FeedPassport>,
  feeds: z.array(z.string()),
});

/** @param outputs of the stack, as JSON; anything an older version left counts as nothing */
export function toMemory(outputs: unknown): Memory {
  const parsed = outputsSchema.safeParse(outputs);
  return parsed.success ? { passport: parsed.data.feed, feeds: parsed.data.feeds } : { feeds: [] };
}

/** What this run will be remembered by, once it is applied. */
export function remember(passport: FeedPassport, { feeds }: Memory): readonly string[] {
  return [passport.hash, ...feeds.filter((hash) => hash !== passport.hash)].slice(0, rememberedFeeds);
}
