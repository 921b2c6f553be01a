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
import { hashPolicy } from "./policy/policy.ts";
import { findUnusedScope, refuseBlindScope } from "./policy/scope.ts";
import { judgeWave, type Wave } from "./policy/wave.ts";
import { findUnexempt, findUnexemptable, findUnknownTypes, tellConflicts, tellSettled, tellVanishedSync } from "./problems.ts";
import { judgePromotion } from "./promotion.ts";
import type { Settings } from "./settings.ts";
import { describeDay } from "./today.ts";

/** What follows from what was gathered, on one day. */
export interface Evaluation {
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
  /** The wave this run is in, to be remembered while others wait. */
  readonly wave?: Wave;
  readonly policyHash: string;
  /** Why this stack may not follow the one it promotes from; empty where it may. */
  readonly unpromoted: readonly string[];
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
  const verdict = judgeApproval(settings.approval, proposal, now);
  const held = quarrels.size > 0 && !verdict.approved;
  const safe = held ? decideWith(quarrels) : proposed;
  const violations = held ? exceeded(safe) : proposal.violations;

  const policyHash = hashPolicy(policy);
  const { waves } = settings;
  const rollout = judgeWave(safe, { waves, last: memory.wave, policyHash, written: memory.written, sync, now });
  const decisions = rollout.waiting.size === 0 ? safe : decideWith(held ? quarrels : new Set(), rollout.waiting);
  const isNews = decisions.some(isChange) || policyHash !== memory.policyHash;
  const unpromoted = isNews ? refuseToFollow(settings, gathered.promoted, now) : [];

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
  const notes = [...describeDay(settings), ...describeCanary(settings.canary, decisions), ...rollout.notes, ...feed.notes];
  const findings = { reader, people, matches, passport, problems, notes };
  const promotion = { ...(rollout.wave && { wave: rollout.wave }), policyHash, unpromoted };
  return { ...findings, decisions, decisionsHash: hashDecisions(decisions), violations, proposal, ...verdict, ...promotion };
}

/** A stack that follows another one changes nothing that one has not applied lately. */
function refuseToFollow(settings: Settings, promoted: unknown, now: Date): readonly string[] {
  const { promotesFrom: from, promotionMaxAgeHours: maxAgeHours, policy } = settings;
  return from === undefined ? [] : judgePromotion(promoted, { from, maxAgeHours, policy, now });
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
  now: Date,
): Pick<Evaluation, "approved" | "unfit"> {
  if (!approval || (violations.length === 0 && quarrels.size === 0)) return {};
  const exceeded = violations.map(({ key }) => key);
  const unfit = refuseApproval(approval, hashDecisions(decisions), exceeded, now);
  return unfit === undefined ? { approved: approval } : { unfit };
}
