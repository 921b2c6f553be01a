import { z } from "zod";
import { foldAddress } from "../provider/essentials/address.ts";
import { managedTypes } from "../provider/essentials/schema.ts";
import type { Watched } from "../provider/flips.ts";
import { syncExemptionToken, userTypeToken } from "../provider/tokens.ts";
import { evidences } from "./hr/evidence.ts";
import type { FeedPassport } from "./hr/passport.ts";
import { waveSchema, type Wave } from "./policy/wave.ts";

/** The feeds of a stack's applied runs. */
export interface FeedMemory {
  /** Absent before the first `up`. */
  readonly passport?: FeedPassport;
  /** Hashes of the feeds of earlier runs, newest first, without repetitions. */
  readonly feeds: readonly string[];
}

/** What a stack remembers of its applied runs. */
export interface Memory extends FeedMemory {
  /** Accounts this stack has written, by folded address. */
  readonly written: ReadonlyMap<string, Watched>;
  /** Folded addresses this stack has made exempt from directory sync; those it found exempt are not among them. */
  readonly exempted: ReadonlySet<string>;
  /** Folded addresses whose exemption this stack looks after, those it found included. */
  readonly exemptions: ReadonlySet<string>;
  /** The wave it is in, where changes wait for the next. */
  readonly wave?: Wave;
  /** What it applied last. */
  readonly policyHash?: string;
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
    filled: z.record(z.string(), count).default({}),
    newestEffective: z.string(),
    modified: z.string(),
    hash: z.string(),
  }) satisfies z.ZodType<FeedPassport>,
  feeds: z.array(z.string()),
});

const rolloutSchema = z.object({ wave: waveSchema.nullable().catch(null), policyHash: z.string().optional().catch(undefined) });

const writtenSchema = z.object({
  email: z.string(),
  type: z.string(),
  wrote: z.enum(managedTypes),
  wroteAt: z.string(),
  flips: count,
  flippedAt: z.string().exactOptional(),
  flippedExempt: z.literal(true).exactOptional(),
});

const exemptedSchema = z.object({ email: z.string(), adopted: z.boolean() });

/** One resource of a state, as far as it is looked at. */
export interface StateResource {
  readonly type: string;
  readonly outputs?: unknown;
}

/** @param state every resource of the stack; what an older version left in another form counts as nothing */
export function toMemory(state: readonly StateResource[]): Memory {
  const outputsOf = (type: string) => state.filter((resource) => resource.type === type).map(({ outputs }) => outputs);
  const stack = outputsOf("pulumi:pulumi:Stack")[0];
  const last = outputsSchema.safeParse(stack);
  const { wave, policyHash } = rolloutSchema.parse(stack ?? {});
  const written = outputsOf(userTypeToken).flatMap((outputs) => {
    if ((outputs as Partial<Watched> | undefined)?.wrote === undefined) return [];
    const parsed = writtenSchema.safeParse(outputs);
    return parsed.success ? [[foldAddress(parsed.data.email), parsed.data] as const] : [];
  });
  const exemptions = outputsOf(syncExemptionToken).flatMap((outputs) => exemptedSchema.safeParse(outputs).data ?? []);
  const addresses = (of: typeof exemptions) => new Set(of.map(({ email }) => foldAddress(email)));
  return {
    ...(last.success && { passport: last.data.feed }),
    feeds: last.success ? last.data.feeds : [],
    written: new Map(written),
    exempted: addresses(exemptions.filter(({ adopted }) => !adopted)),
    exemptions: addresses(exemptions),
    ...(wave && { wave }),
    ...(policyHash !== undefined && { policyHash }),
  };
}

/** What this run will be remembered by, once it is applied. */
export function remember(passport: FeedPassport, { feeds }: FeedMemory): readonly string[] {
  return [passport.hash, ...feeds.filter((hash) => hash !== passport.hash)].slice(0, rememberedFeeds);
}
