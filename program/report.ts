import { isManagedType } from "../provider/essentials/schema.ts";
import type { Approval } from "./approval.ts";
import type { Evaluation } from "./evaluate.ts";
import type { Violation } from "./guard.ts";
import { isChange, type Decision } from "./policy/decision.ts";
import { rules } from "./policy/rules.ts";
import type { SeatPlan } from "../seats/planSeats.ts";
import type { Finding } from "./readiness/finding.ts";

/** Counts of one run, as the stack output `summary` shows them. */
export interface Summary {
  /** Live users of the organisation, of every type. */
  readonly users: number;
  /** Those this program answers for: everybody but administrators and unknown types. */
  readonly managed: number;
  readonly toFunctional: number;
  readonly toEndUser: number;
  /** Managed users a rule leaves as they are, whatever they are. */
  readonly held: number;
  readonly unmanaged: number;
  /** Things somebody should look at. */
  readonly problems: number;
}

/** Users with the same change for the same rule. */
export interface Group {
  readonly title: string;
  readonly decisions: readonly Decision[];
}

export interface Report {
  readonly organisation: string;
  readonly summary: Summary;
  /** Seats and money, in lines for people and as numbers. */
  readonly seats: SeatPlan;
  readonly changes: readonly Group[];
  readonly held: readonly Group[];
  /** Already as HR says. */
  readonly kept: readonly Group[];
  readonly unmanaged: readonly Group[];
  readonly problems: readonly string[];
  readonly violations: readonly Violation[];
  /** Why an up of this stack would stop: it follows another one, which has not applied this policy. */
  readonly unpromoted: readonly string[];
  /** Changes that wait for a later wave. */
  readonly waiting: number;
  /** How this run was made, where that is not as always: a what-if day, how the feed was read. */
  readonly notes: readonly string[];
  /** What lets the violations pass, this once. */
  readonly approved?: Approval;
  readonly decisionsHash: string;
}

export type Reported = Pick<
  Evaluation,
  "decisions" | "decisionsHash" | "notes" | "problems" | "violations" | "approved" | "unpromoted" | "wave" | "seats"
>;

/** Sorts what was decided into what people ask: what changes and why, who is held and why, who is not managed. */
export function buildReport(organisation: string, evaluation: Reported, findings: readonly Finding[] = []): Report {
  const { decisions, decisionsHash, notes, violations, approved, unpromoted, wave, seats } = evaluation;
  const unready = findings.filter(({ level }) => level !== "ok").map(({ subject, message }) => `${subject}: ${message}`);
  const problems = [...unready, ...evaluation.problems];
  const changes = decisions.filter(isChange);
  const unmanaged = decisions.filter(({ have }) => !isManagedType(have));
  const unchanged = decisions.filter((decision) => !isChange(decision) && isManagedType(decision.have));
  const held = unchanged.filter((decision) => decision.held);
  return {
    organisation,
    summary: {
      users: decisions.length,
      managed: decisions.length - unmanaged.length,
      toFunctional: changes.filter(({ want }) => want === "functional_account").length,
      toEndUser: changes.filter(({ want }) => want === "end_user").length,
      held: held.length,
      unmanaged: unmanaged.length,
      problems: evaluation.problems.length,
    },
    seats,
    changes: group(changes, ({ have, want, rule }) => `${have} → ${want}, ${titleOf(rule)}`),
    held: group(held, ({ rule }) => titleOf(rule)),
    kept: group(
      unchanged.filter((decision) => !decision.held),
      ({ have, rule }) => `${have}, ${titleOf(rule)}`,
    ),
    unmanaged: group(unmanaged, ({ rule }) => titleOf(rule)),
    problems,
    violations,
    unpromoted,
    waiting: wave?.waiting ?? 0,
    notes,
    ...(approved && { approved }),
    decisionsHash,
  };
}

function titleOf(id: Decision["rule"]): string {
  return rules.find((rule) => rule.id === id)?.title ?? id;
}

function group(decisions: readonly Decision[], titleFor: (decision: Decision) => string): readonly Group[] {
  const groups = Map.groupBy(decisions, titleFor);
  return [...groups]
    .map(([title, members]) => ({ title, decisions: members }))
    .sort((a, b) => b.decisions.length - a.decisions.length || (a.title < b.title ? -1 : 1));
}
