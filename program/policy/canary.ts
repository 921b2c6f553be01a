import { createHash } from "node:crypto";
import { z } from "zod";
import { foldAddress } from "../../provider/essentials/address.ts";
import { numeric } from "../../provider/essentials/config.ts";
import type { User } from "../../provider/essentials/schema.ts";
import { compileNames, namesShape } from "./named.ts";

/** The accounts a stack may change (`proofpoint:canary`); everybody else is held. */
export const canarySchema = z
  .strictObject({
    ...namesShape,
    /** So much of the organisation, chosen by the hash of the address: the same accounts in every run, more of them with more. */
    percent: numeric(z.number().min(0).max(100)).default(0),
  })
  .refine(
    ({ emails, patterns, percent }) => emails.length + patterns.length + percent > 0,
    "names nobody; give emails, patterns or percent",
  );
export type Canary = z.infer<typeof canarySchema>;

/** Whether an account may be changed. Without a canary, all may. */
export function compileCanary(canary: Canary | undefined): (user: User) => boolean {
  if (!canary) return () => true;
  const isNamed = compileNames(canary);
  return (user) => isNamed(user) || placeOf(user.email) < canary.percent;
}

/** Where an address stands between 0 and 100, for ever. */
function placeOf(email: string): number {
  const hash = createHash("sha256").update(foldAddress(email)).digest();
  return (hash.readUInt32BE(0) / 2 ** 32) * 100;
}
