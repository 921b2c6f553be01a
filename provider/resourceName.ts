import { foldAddress } from "./essentials/address.ts";

/** The name and id of an account's resource: its primary address, folded. */
export function resourceName(email: string): string {
  return foldAddress(email);
}

/**
 * Leaves out accounts whose addresses differ only in spelling: they cannot share a name. The policy holds them in any
 * case (rule shared_address), and the report says so.
 */
export function withOwnName<T extends { readonly email: string }>(accounts: readonly T[]): readonly T[] {
  const named = Map.groupBy(accounts, ({ email }) => resourceName(email));
  return accounts.filter(({ email }) => named.get(resourceName(email))?.length === 1);
}
