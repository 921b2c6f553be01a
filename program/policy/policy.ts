import { createHash } from "node:crypto";
import { z } from "zod";

/** What HR's evidence makes of an account; `hold` leaves it as it is. Nobody HR calls active can be converted. */
export const policySchema = z
  .strictObject({
    terminated: z.enum(["functional_account", "hold"]).default("functional_account"),
    missing: z.enum(["functional_account", "hold"]).default("functional_account"),
    active: z.enum(["end_user", "hold"]).default("end_user"),
    leave: z.enum(["end_user", "functional_account", "hold"]).default("end_user"),
    pending: z.enum(["end_user", "hold"]).default("hold"),
    unknown: z.enum(["end_user", "hold"]).default("hold"),
    /** Accounts that always stay as they are. A pattern matches a whole address; `*` stands for anything. */
    protect: z.strictObject({ emails: z.array(z.string()).default([]), patterns: z.array(z.string().min(2)).default([]) }).prefault({}),
  })
  .prefault({});
export type Policy = z.infer<typeof policySchema>;

/** The same policy has the same hash, whatever the order of its keys. */
export function hashPolicy(policy: Policy): string {
  return createHash("sha256")
    .update(JSON.stringify(policySchema.parse(policy)))
    .digest("hex");
}
