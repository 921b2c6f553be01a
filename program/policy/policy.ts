import { createHash } from "node:crypto";
import { z } from "zod";
import { numeric } from "../../provider/essentials/config.ts";
import { foldWord } from "../hr/status.ts";
import { namesShape } from "./named.ts";

/** Codes and domains; `pulumi config set` and YAML make numbers of codes that look like some. */
const texts = z.array(z.preprocess((value) => (typeof value === "number" ? String(value) : value), z.string().trim().min(1))).default([]);
const kept = z.enum(["end_user", "functional_account", "hold"]);

/** What HR's evidence makes of an account; `hold` leaves it as it is. Nobody HR calls active can be converted. */
export const policySchema = z
  .strictObject({
    terminated: z.enum(["functional_account", "hold"]).default("functional_account"),
    deceased: z.enum(["functional_account", "hold"]).default("functional_account"),
    missing: z.enum(["functional_account", "hold"]).default("functional_account"),
    /** Also what becomes of a functional account whose owner HR calls active. */
    active: z.enum(["end_user", "hold"]).default("end_user"),
    leave: kept.default("end_user"),
    /** Kinds of leave that differ, by HR's word for them: `sabbatical: hold`. */
    leaveKinds: z
      .record(z.string(), kept)
      .default({})
      .transform((kinds) =>
        Object.fromEntries(
          Object.entries(kinds)
            .map(([kind, outcome]) => [foldWord(kind), outcome] as const)
            .sort(),
        ),
      ),
    pending: z.enum(["end_user", "hold"]).default("hold"),
    /** Somebody whose last day is still to come. */
    leaving: z.enum(["end_user", "hold"]).default("hold"),
    unknown: z.enum(["end_user", "hold"]).default("hold"),
    /** So many days after the last day a leaver is left as they are. */
    graceDays: numeric(z.number().int().min(0).max(3650)).default(0),
    /** `decide`: leavers among silent users become functional accounts; the others stay silent. */
    silent: z.enum(["hold", "decide"]).default("hold"),
    /** Accounts somebody switched off (`is_active` false) bounce their mail and take no licence. */
    inactiveAccounts: z.enum(["hold", "decide"]).default("hold"),
    /** Domains HR speaks for; accounts of other domains are held. Empty: all of the organisation's. */
    domains: texts,
    /** Whom HR speaks for, by code; everybody else is held. An empty list does not restrict. */
    scope: z
      .strictObject({
        companyCodes: texts,
        workerCategoryCodes: texts,
        locationCodes: texts,
        /** Whether somebody HR does not know at all is in scope. */
        includeMissing: z.boolean().default(false),
      })
      .prefault({}),
    /** Accounts that always stay as they are. A pattern matches a whole address; `*` stands for anything. */
    protect: z.strictObject(namesShape).prefault({}),
  })
  .prefault({});
export type Policy = z.infer<typeof policySchema>;

/** The same policy has the same hash, whatever the order of its keys. */
export function hashPolicy(policy: Policy): string {
  return createHash("sha256")
    .update(JSON.stringify(policySchema.parse(policy)))
    .digest("hex");
}
