import type { AccountType, ManagedType } from "./essentials/schema.ts";

/**
 * What the state keeps of an account this program has written: what it was made, and how often somebody else has undone
 * that since. Moments are ISO 8601, in UTC.
 */
export interface Written {
  readonly wrote: ManagedType;
  readonly wroteAt: string;
  /** How often the account was found with another type than `wrote`. */
  readonly flips: number;
  /** When that was noticed last; absent while it never was. */
  readonly flippedAt?: string;
  /** It was exempt from directory sync then already, so that an exemption is no answer. */
  readonly flippedExempt?: true;
}

/** The same, with the type the account had when it was last looked at. */
export type Watched = Written & { readonly type: AccountType };

/** So many flips are a quarrel: from then on writing again only begins the next round. */
const quarrelsome = 2;

/** A flip this long after the one before is the first of another story. */
const memoryMs = 90 * 86_400_000;

/** After a write. Making an account the same again goes on counting, unless somebody has just settled a quarrel about it. */
export function afterWrite(wrote: ManagedType, before: Partial<Written>, now: Date): Written {
  const { flips = 0, flippedAt, flippedExempt } = before;
  const written = { wrote, wroteAt: now.toISOString() };
  if (before.wrote !== wrote || flips >= quarrelsome) return { ...written, flips: 0 };
  return { ...written, flips, ...(flippedAt !== undefined && { flippedAt }), ...(flippedExempt && { flippedExempt }) };
}

type Known = Pick<Watched, "type"> & Partial<Written>;

/** Whether the account was as written the last time it was looked at, and no longer is. */
export function isFlip({ type, wrote }: Known, live: AccountType): boolean {
  return wrote !== undefined && type === wrote && live !== wrote;
}

/** Whether flips are a quarrel that is still going on. */
export function isQuarrel({ flips, flippedAt }: Pick<Written, "flips" | "flippedAt">, now: Date): boolean {
  return flips >= quarrelsome && flippedAt !== undefined && now.getTime() - Date.parse(flippedAt) < memoryMs;
}

/**
 * After a look at the live account: one more flip where it was as written last time and no longer is.
 * @param known the state, with the type the account had when it was last looked at
 * @param exempt whether it is exempt from directory sync now; matters for a flip only
 */
export function afterLook(known: Known, live: AccountType, now: Date, exempt: boolean): Partial<Written> {
  const { wrote, wroteAt, flips = 0, flippedAt, flippedExempt } = known;
  if (wrote === undefined || wroteAt === undefined) return {};
  if (isFlip(known, live)) {
    const recent = flippedAt !== undefined && now.getTime() - Date.parse(flippedAt) < memoryMs;
    return { wrote, wroteAt, flips: recent ? flips + 1 : 1, flippedAt: now.toISOString(), ...(exempt && { flippedExempt: true }) };
  }
  return { wrote, wroteAt, flips, ...(flippedAt !== undefined && { flippedAt }), ...(flippedExempt && { flippedExempt }) };
}
