import { z } from "zod";
import { numeric } from "../../provider/essentials/config.ts";
import type { User } from "../../provider/essentials/schema.ts";
import { compileNames, namesShape } from "./named.ts";
import { placeOf } from "./place.ts";

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
