import { z } from "zod";
import { numeric } from "../provider/essentials/config.ts";
import { isManagedType } from "../provider/essentials/schema.ts";
import { isChange, type Decision } from "./policy/decision.ts";

const limit = (count: number, percent: number) =>
  z
    .strictObject({ count: numeric(z.number().int().min(0)).default(count), percent: numeric(z.number().min(0).max(100)).default(percent) })
    .prefault({});

/** How many changes of one kind one run may make (`proofpoint:limits`). The stricter of count and percent holds. */
export const limitsSchema = z
  .strictObject({
    /** Stops: a policy or a feed that turns the company into leavers. */
    toFunctional: limit(50, 10),
    /** Stops: an export that lost rows, so that people vanish without a word from HR. */
    missing: limit(25, 5),
    /** Stops: a status word that suddenly means something else. */
    terminated: limit(40, 8),
    /** Stops: a feed that calls everybody active, which costs a licence each. */
    toEndUser: limit(25, 5),
    /** Percent counts from this many managed users on: of five users, one is 20 %. */
    minimumUsers: numeric(z.number().int().min(1)).default(20),
  })
  .prefault({});
export type Limits = z.infer<typeof limitsSchema>;
type LimitKey = Exclude<keyof Limits, "minimumUsers">;

const kinds: Readonly<Record<LimitKey, { readonly words: string; readonly counts: (decision: Decision) => boolean }>> = {
  toFunctional: { words: "would become functional_account", counts: ({ want }) => want === "functional_account" },
  missing: {
    words: "would become functional_account because HR does not know them",
    counts: ({ want, rule }) => want === "functional_account" && rule === "missing",
  },
  terminated: {
    words: "would become functional_account because HR says they left",
    counts: ({ want, rule }) => want === "functional_account" && (rule === "terminated" || rule === "deceased"),
  },
  toEndUser: { words: "would become end_user, a licence each", counts: ({ want }) => want === "end_user" },
};

/** A limit that a run would exceed. */
export interface Violation {
  /** The limit: `proofpoint:limits.missing`. */
  readonly key: string;
  /** What would happen, how many at most may, and the first addresses. */
  readonly message: string;
}

/** Judges what a run would change. Everything it finds is reported at once. */
export function judge(decisions: readonly Decision[], limits: Limits): readonly Violation[] {
  const managed = decisions.filter(({ have }) => isManagedType(have)).length;
  const changes = decisions.filter(isChange);
  return (Object.keys(kinds) as LimitKey[]).flatMap((kind) => {
    const { words, counts } = kinds[kind];
    const hit = changes.filter(counts);
    const { count, percent } = limits[kind];
    // Of nobody, any change is too many.
    const tooLarge = managed === 0 || (managed >= limits.minimumUsers && hit.length * 100 > percent * managed);
    if (hit.length === 0 || !(hit.length > count || tooLarge)) return [];
    const share = managed === 0 ? "all" : ((hit.length / managed) * 100).toFixed(1);
    const first =
      hit
        .slice(0, 5)
        .map(({ email }) => email)
        .join(", ") + (hit.length > 5 ? ", …" : "");
    const allowed = [`count ${count}`, ...(managed >= limits.minimumUsers ? [`percent ${percent}`] : [])].join(", ");
    const key = `proofpoint:limits.${kind}`;
    return [
      {
        key,
        message: `${hit.length} of ${managed} managed users (${share} %) ${words}; the limit is ${allowed}: ${first}`,
      },
    ];
  });
}
