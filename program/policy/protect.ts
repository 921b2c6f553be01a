import { foldAddress } from "../../provider/essentials/address.ts";
import { addressesOf, type User } from "../../provider/essentials/schema.ts";
import { compilePattern } from "./pattern.ts";
import type { Policy } from "./policy.ts";

type Protect = Policy["protect"];

/** Whether `proofpoint:policy.protect` names an account, by any of its addresses. */
export function compileProtection({ emails, patterns }: Protect): (user: User) => boolean {
  if (emails.length + patterns.length === 0) return () => false;
  const named = new Set(emails.map(foldAddress));
  const matchers = patterns.map(compilePattern);
  return (user) => {
    const addresses = addressesOf(user);
    return addresses.some((address) => named.has(address)) || matchers.some((matches) => matches(addresses));
  };
}

/** Entries that protect nobody: a slip of the pen there leaves somebody unprotected. */
export function findUnusedProtection({ protect }: Policy, users: readonly User[]): readonly string[] {
  if (protect.emails.length + protect.patterns.length === 0) return [];
  const all = new Set(users.flatMap(addressesOf));
  const addresses = [...all];
  return [
    ...protect.emails.filter((email) => !all.has(foldAddress(email))),
    ...protect.patterns.filter((pattern) => !compilePattern(pattern)(addresses)),
  ].map((entry) => `proofpoint:policy.protect names ${entry}, and no account has such an address.`);
}
