import { z } from "zod";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import { hashPolicy, type Policy } from "./policy/policy.ts";

/** Outputs of a stack's last successful up, as far as a stack that follows it looks at them. */
const appliedSchema = z.object({ policyHash: z.string(), policy: z.record(z.string(), z.unknown()), appliedAt: z.iso.datetime() });
export type Applied = Readonly<z.infer<typeof appliedSchema>>;

/** What a stack says of its last successful up; nothing where it had none, or says it in a form nobody knows. */
export function toApplied(outputs: unknown): Applied | undefined {
  return appliedSchema.safeParse(outputs).data;
}

/** A stack cannot follow as it is told to. */
export class PromotionError extends ErrorForPeople {}

export interface Following {
  /** The stack to follow, as the configuration names it. */
  readonly from: string;
  readonly maxAgeHours: number;
  readonly policy: Policy;
  readonly now: Date;
}

/** @throws PromotionError for a stack that would wait for itself */
export function refuseItself(from: string | undefined, stack: string): void {
  if (from === stack)
    throw new PromotionError(
      `proofpoint:promotesFrom of ${stack} names ${stack} itself. Name the stack that goes ahead. Nothing was changed.`,
    );
}

/**
 * Whether the stack that goes ahead has applied this policy, and lately.
 * @param outputs of that stack; undefined where it could not be read
 * @returns what is wrong, a line each; nothing where this stack may follow
 */
export function judgePromotion(outputs: unknown, { from, maxAgeHours, policy, now }: Following): readonly string[] {
  if (outputs === undefined)
    return [`The stack ${from} could not be read. Check proofpoint:promotesFrom, or make that stack and run it first.`];
  const applied = toApplied(outputs);
  if (!applied) return [`${from} has no successful up yet that says what it applied. Run it first.`];
  const { policyHash, policy: theirs } = applied;
  const own = hashPolicy(policy);
  const facts = [tellApplied(from, applied, now), `This run, on ${now.toISOString()}, is of the policy ${own}.`];
  if (policyHash !== own) {
    const differences = comparePolicies(theirs, policy);
    return [
      ...facts,
      ...(differences.length === 0
        ? ["No setting differs: it was another version of this program."]
        : differences.map(({ key, before, after }) => `proofpoint:policy.${key}: ${before} there, ${after} here.`)),
      `Apply this policy to ${from} first.`,
    ];
  }
  const hours = hoursSince(applied.appliedAt, now);
  if (hours < -1) return [...facts, "That is in the future: one of the two clocks is wrong."];
  if (hours <= maxAgeHours) return [];
  return [...facts, `That is longer than proofpoint:promotionMaxAgeHours (${maxAgeHours}). Apply it to ${from} again first.`];
}

export interface Difference {
  /** Below `proofpoint:policy`: `protect.emails`. */
  readonly key: string;
  /** As JSON; `not set` where there is none. */
  readonly before: string;
  readonly after: string;
}

/** Every setting in which two policies differ. */
export function comparePolicies(before: object, after: object): readonly Difference[] {
  const [old, young] = [flatten(before), flatten(after)];
  const keys = [...new Set([...old.keys(), ...young.keys()])].sort();
  return keys
    .filter((key) => old.get(key) !== young.get(key))
    .map((key) => ({ key, before: old.get(key) ?? "not set", after: young.get(key) ?? "not set" }));
}

function flatten(value: object, path = ""): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? [...flatten(inner, `${path}${key}.`)]
        : [[`${path}${key}`, JSON.stringify(inner)] as const],
    ),
  );
}

/** "staging applied the policy 3f… on 2026-11-22T03:00:00.000Z, 3.0 hours ago." */
export function tellApplied(stack: string, { policyHash, appliedAt }: Applied, now: Date): string {
  const hours = hoursSince(appliedAt, now);
  const ago = hours < 48 ? `${hours.toFixed(1)} hours` : `${Math.floor(hours / 24)} days`;
  return `${stack} applied the policy ${policyHash} on ${appliedAt}, ${ago} ago.`;
}

function hoursSince(moment: string, now: Date): number {
  return (now.getTime() - Date.parse(moment)) / 3_600_000;
}
