import { z } from "zod";
import { foldAddress } from "./address.ts";

/** The types this product may set. `silent_user` is only ever kept, never a goal. */
export const managedTypes = ["end_user", "functional_account", "silent_user"] as const;
/** The types that are never touched. Source: the vendor's closed list of user types. */
export const adminTypes = ["oem_partner_admin", "strategic_partner_admin", "channel_admin", "organization_admin"] as const;

export type ManagedType = (typeof managedTypes)[number];
/** What an account is: one of the types above, or one the vendor has added since, which is never touched either. */
export type AccountType = string;

export function isAdminType(type: string): boolean {
  return (adminTypes as readonly string[]).includes(type);
}

export function isManagedType(type: string): type is ManagedType {
  return (managedTypes as readonly string[]).includes(type);
}

/** One account as the list shows it. Everything else in the vendor's object is opaque to this product. */
export interface User {
  /** The primary address, in the case the account stores. */
  readonly email: string;
  readonly type: AccountType;
  readonly aliases: readonly string[];
  /** False where somebody switched the account off: it bounces mail. */
  readonly active: boolean;
}

/** What this product needs of a user object; all other fields pass through untouched. */
export const userSchema = z.looseObject({
  primary_email: z.string().min(3),
  type: z.string().min(1),
  alias_emails: z.array(z.string()).nullish(),
});
export type UserObject = z.infer<typeof userSchema>;

/** The list arrives in an envelope; older servers sent the bare array. */
export const userListSchema = z.preprocess(
  (json) => (Array.isArray(json) ? { users: json as unknown[] } : json),
  z.object({ users: z.array(userSchema) }),
);

export function toUser(object: UserObject): User {
  return {
    email: object.primary_email,
    type: object.type,
    aliases: object.alias_emails ?? [],
    active: !switchedOff.has(object["is_active"]),
  };
}

/** The ways `is_active` says no. It is read for the rules and never written. */
const switchedOff = new Set<unknown>([false, 0, "false", "False", "0"]);

/** Every address of an account, folded, each once: what people and settings are matched by. */
export function addressesOf({ email, aliases }: User): string[] {
  return [...new Set([email, ...aliases].map(foldAddress))];
}
