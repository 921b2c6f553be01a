import { z } from "zod";
import { foldAddress } from "../../provider/essentials/address.ts";
import { addressesOf, type User } from "../../provider/essentials/schema.ts";
import { compilePattern } from "./pattern.ts";

/** Accounts by address, and by pattern: one matches a whole address, `*` stands for anything. */
export const namesShape = { emails: z.array(z.string()).default([]), patterns: z.array(z.string().min(2)).default([]) };
export type Names = z.infer<z.ZodObject<typeof namesShape>>;

/** Whether an account is named, by any of its addresses. */
export function compileNames({ emails, patterns }: Names): (user: User) => boolean {
  if (emails.length + patterns.length === 0) return () => false;
  const named = new Set(emails.map(foldAddress));
  const matchers = patterns.map(compilePattern);
  return (user) => {
    const addresses = addressesOf(user);
    return addresses.some((address) => named.has(address)) || matchers.some((matches) => matches(addresses));
  };
}

/** Entries that name nobody: a slip of the pen there misses somebody. @param key the setting they stand in */
export function findUnusedNames(key: string, { emails, patterns }: Names, users: readonly User[]): readonly string[] {
  if (emails.length + patterns.length === 0) return [];
  const all = new Set(users.flatMap(addressesOf));
  const addresses = [...all];
  return [
    ...emails.filter((email) => !all.has(foldAddress(email))),
    ...patterns.filter((pattern) => !compilePattern(pattern)(addresses)),
  ].map((entry) => `${key} names ${entry}, and no account has such an address.`);
}
