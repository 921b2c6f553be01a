import { foldAddress } from "../provider/essentials/address.ts";
import { refuseApproval, type Approval } from "./approval.ts";
import type { Gathered, SyncSituation } from "./gather.ts";
import { judgeFeed } from "./feedGuard.ts";
import { judge, type Violation } from "./guard.ts";
import type { Reader } from "./hr/evidence.ts";
import { describeFeed, type FeedPassport } from "./hr/passport.ts";
import { toPeople, type People } from "./hr/person.ts";
import { readerOf } from "./hr/source.ts";
import { decide } from "./policy/decide.ts";
import { hashDecisions, isChange, needsExemption, type Decision } from "./policy/decision.ts";
import { compileCanary } from "./policy/canary.ts";
import { findQuarrels, type Flip } from "./policy/flip.ts";
import { judgeExceptions } from "./policy/exceptions.ts";
import { match, refuseStrangers, type Match } from "./policy/match.ts";
import { compileNames, findUnusedNames } from "./policy/named.ts";
import { findUnusedScope, refuseBlindScope } from "./policy/scope.ts";
import type { Wave } from "./policy/wave.ts";
import { findUnexempt, findUnexemptable, findUnknownTypes, tellConflicts, tellSettled, tellVanishedSync } from "./problems.ts";
import type { SeatPlan } from "../seats/planSeats.ts";
import { rollOut, type RollOut } from "./rollOut.ts";
import { seatsOf } from "./seatsOf.ts";
import type { Settings } from "./settings.ts";
import { describeDay } from "./today.ts";

/** What follows from what was gathered, on one day. */
export interface Evaluation extends Omit<RollOut, "decisions" | "notes"> {
  readonly reader: Reader;
  readonly people: People;
  readonly matches: Match;
  readonly passport: FeedPassport;
  readonly decisions: readonly Decision[];
  readonly decisionsHash: string;
  readonly violations: readonly Violation[];
  /** What there would be if nobody were held because somebody else undoes it: what an approval is about. */
  readonly proposal: Proposal;
  /** What lets violations and conflicts pass, this once. */
  readonly approved?: Approval;
  /** Why the approval there is does not count. */
  readonly unfit?: string;
  /** What this run does to seats and money. */
  readonly seats: SeatPlan;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

interface Proposal {
  readonly decisions: readonly Decision[];
  readonly violations: readonly Violation[];
  /** Folded addresses of those whom somebody else makes something else again and again, which nothing has settled. */
  readonly quarrels: ReadonlySet<string>;
}

export interface Occasion {
  readonly today: string;
  readonly now: Date;
  /** The address this program logs in with. */
  readonly login: string;
}

/**
 * From rows and users to decisions, and whether they are safe to make. Pure: the same input gives the same answer.
 * @throws FeedError for a feed no decision can rest on
 */
export function evaluate(gathered: Gathered, settings: Settings, { today, now, login }: Occasion): Evaluation {
  const { feed, users, memory, flips, sync } = gathered;
  const { policy } = settings;
  refuseBlindScope(policy, feed);
  const reader = readerOf(settings.hr, today, settings.timeZone);
  const people = toPeople(feed, reader);
  const matches = match({ users, ...people, domains: [settings.domain, ...settings.domains] });
  refuseStrangers(matches, people.people);
  const passport = describeFeed(feed, people, matches, reader);
  const feedViolations = judgeFeed(passport, memory, settings.passport, now);

  const exceptions = judgeExceptions(gathered.exceptions, users, today);
  const isProtected = compileNames(policy.protect);
  const isInCanary = compileCanary(settings.canary);
  const decideWith = (quarrels: ReadonlySet<string>, waiting: ReadonlyMap<string, Decision> = new Map()) =>
    decide(matches.matched, {
      policy,
      today,
      exceptions,
      isProtected,
      isInCanary,
      login,
      unclaimed: matches.unclaimed,
      flips,
      quarrels,
      waiting,
      lastSync: sync.last,
    });
  const exceeded = (decisions: readonly Decision[]) => [...judge(decisions, settings.limits), ...feedViolations];

  const proposed = decideWith(new Set());
  const quarrels = findQuarrels(proposed, flips, (decision, flip) => willBeLeftAlone(decision, flip, sync));
  const proposal = { decisions: proposed, violations: exceeded(proposed), quarrels };
  const verdict = judgeApproval(settings.approval, proposal, memory.wave, now);
  const held = quarrels.size > 0 && !verdict.approved;
  const safe = held ? decideWith(quarrels) : proposed;
  const {
    decisions,
    notes: waveNotes,
    ...rollout
  } = rollOut(safe, gathered, settings, {
    now,
    approved: verdict.approved?.decisions,
    hold: (waiting) => decideWith(held ? quarrels : new Set(), waiting),
  });

  const problems = [
    ...people.problems,
    ...matches.problems,
    ...tellConflicts(decisions, verdict.unfit),
    ...tellSettled(quarrels, verdict.approved),
    ...findUnknownTypes(users),
    ...findUnexempt(decisions, sync),
    ...findUnexemptable(decisions, sync),
    ...tellVanishedSync(sync),
    ...exceptions.problems,
    ...findUnusedNames("proofpoint:policy.protect", policy.protect, users),
    ...(settings.canary ? findUnusedNames("proofpoint:canary", settings.canary, users) : []),
    ...findUnusedScope(policy, feed),
  ];
  const notes = [...describeDay(settings), ...describeCanary(settings.canary, decisions), ...waveNotes, ...feed.notes];
  const findings = { reader, people, matches, passport, problems, notes };
  // Limits are about all changes, those that wait for a later wave included, wherever a run makes any of them.
  const violations = decisions.some(isChange) ? exceeded(safe) : feedViolations;
  const seats = seatsOf(decisions, gathered, settings, now);
  return { ...findings, ...rollout, decisions, decisionsHash: hashDecisions(decisions), violations, proposal, seats, ...verdict };
}

/** A run that changes only some says so first. */
function describeCanary(canary: Settings["canary"], decisions: readonly Decision[]): readonly string[] {
  if (!canary) return [];
  const outside = decisions.filter(({ rule }) => rule === "canary").length;
  return [`Canary: ${outside} accounts are outside proofpoint:canary and stay as they are.`];
}

/** Whether directory sync will leave an account alone that it did not leave alone before. */
function willBeLeftAlone(decision: Decision, flip: Flip, { mode, exempt }: SyncSituation): boolean {
  if (flip.exempt) return false;
  return exempt?.has(foldAddress(decision.email)) === true || (mode === "manage" && needsExemption(decision));
}

/** An approval is looked at only where there is something to approve. */
function judgeApproval(
  approval: Approval | undefined,
  { decisions, violations, quarrels }: Proposal,
  wave: Wave | undefined,
  now: Date,
): Pick<Evaluation, "approved" | "unfit"> {
  if (!approval || (violations.length === 0 && quarrels.size === 0)) return {};
  const exceeded = violations.map(({ key }) => key);
  const hash = hashDecisions(decisions);
  // What an approved wave has left for later was approved with it.
  const isRest = wave?.approved === approval.decisions && wave.rest === hash;
  const unfit = refuseApproval(approval, isRest ? approval.decisions : hash, exceeded, now);
  return unfit === undefined ? { approved: approval } : { unfit };
}
