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
}

/** The same, with the type the account had when it was last looked at. */
export type Watched = Written & { readonly type: AccountType };

/** So many flips are a quarrel: from then on writing again only begins the next round. */
export const quarrelsome = 2;

/** After a write. Making an account the same again goes on counting, unless somebody has just settled a quarrel about it. */
export function afterWrite(wrote: ManagedType, before: Partial<Written>, now: Date): Written {
  const { flips = 0, flippedAt } = before;
  const fresh = before.wrote !== wrote || flips >= quarrelsome;
  return { wrote, wroteAt: now.toISOString(), flips: fresh ? 0 : flips, ...(!fresh && flippedAt !== undefined && { flippedAt }) };
}

/**
 * After a look at the live account: one more flip where it was as written last time and no longer is.
 * @param known the state, with the type the account had when it was last looked at
 */
export function afterLook(known: Pick<Watched, "type"> & Partial<Written>, live: AccountType, now: Date): Partial<Written> {
  const { type, wrote, wroteAt, flips = 0, flippedAt } = known;
  if (wrote === undefined || wroteAt === undefined) return {};
  if (type === wrote && live !== wrote) return { wrote, wroteAt, flips: flips + 1, flippedAt: now.toISOString() };
  return { wrote, wroteAt, flips, ...(flippedAt !== undefined && { flippedAt }) };
}
