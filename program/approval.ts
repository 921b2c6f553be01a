import { z } from "zod";

/** `pulumi config set` makes a number of 48213 and a truth of true. */
const words = (missing: string) =>
  z.preprocess(
    (value) => (typeof value === "number" || typeof value === "boolean" ? String(value) : value),
    z.string().trim().min(1, missing),
  );

/** A one-run override of violations, for one exact set of decisions (`proofpoint:approval`, written by `npm run approve`). */
export const approvalSchema = z.strictObject({
  /** The `decisionsHash` it is for. */
  decisions: z.string().regex(/^[0-9a-f]{64}$/, "must be a decisionsHash"),
  reason: words("must say why"),
  by: words("must say who"),
  /** What may be exceeded, by key; anything where it is left out. A feed that breaks between approval and run is not approved. */
  exceeds: z.array(z.string()).optional(),
  /** ISO 8601, with the time zone. */
  until: z.iso.datetime({ offset: true, error: "must be a moment such as 2026-11-22T18:00:00Z" }),
});
export type Approval = z.infer<typeof approvalSchema>;

/** An approval is for what somebody looked at, and that does not stay true. */
export const mostHours = 168;

/**
 * @param exceeded keys of the violations there are
 * @returns why an approval does not count for these decisions now; undefined where it does
 */
export function refuseApproval(approval: Approval, decisionsHash: string, exceeded: readonly string[], now: Date): string | undefined {
  const given = `The approval by ${approval.by} ("${approval.reason}")`;
  if (approval.decisions !== decisionsHash) return `${given} is for another set of changes than this one.`;
  const beyond = exceeded.filter((key) => approval.exceeds?.includes(key) === false);
  if (beyond.length > 0) return `${given} is not for exceeding ${[...new Set(beyond)].join(", ")}.`;
  const leftMs = Date.parse(approval.until) - now.getTime();
  if (leftMs <= 0) return `${given} expired at ${approval.until}.`;
  if (leftMs > mostHours * 3_600_000) return `${given} is for longer than a week (until ${approval.until}).`;
  return undefined;
}
