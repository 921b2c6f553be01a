import { foldAddress } from "../provider/essentials/address.ts";
import { refuseApproval, type Approval } from "./approval.ts";
import type { Gathered } from "./gather.ts";
import { judgeFeed } from "./feedGuard.ts";
import { judge, type Violation } from "./guard.ts";
import type { Reader } from "./hr/evidence.ts";
import { describeFeed, type FeedPassport } from "./hr/passport.ts";
import { toPeople, type People } from "./hr/person.ts";
import { readerOf } from "./hr/source.ts";
import { decide } from "./policy/decide.ts";
import { hashDecisions, needsExemption, type Decision } from "./policy/decision.ts";
import { findQuarrels } from "./policy/flip.ts";
import { judgeExceptions } from "./policy/exceptions.ts";
import { match, refuseStrangers, type Match } from "./policy/match.ts";
import { compileProtection, findUnusedProtection } from "./policy/protect.ts";
import { findUnusedScope, refuseBlindScope } from "./policy/scope.ts";
import { findUnexempt, findUnknownTypes, tellConflicts, tellSettled } from "./problems.ts";
import type { Settings } from "./settings.ts";
import { describeDay } from "./today.ts";

/** What follows from what was gathered, on one day. */
export interface Evaluation {
  readonly reader: Reader;
  readonly people: People;
  readonly matches: Match;
  readonly decisions: readonly Decision[];
  readonly decisionsHash: string;
  /** What it would be if nobody were held because somebody else undoes it: what an approval is about. */
  readonly proposal: readonly Decision[];
  /** Accounts held because somebody else undoes what is done. */
  readonly conflicts: readonly Decision[];
  readonly passport: FeedPassport;
  readonly violations: readonly Violation[];
  /** What lets violations and conflicts pass, this once. */
  readonly approved?: Approval;
  /** Why the approval there is does not count. */
  readonly unfit?: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
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
  const { feed, users, exceptions: entries, memory, flips, sync } = gathered;
  const { policy, approval } = settings;
  refuseBlindScope(policy, feed);
  const reader = readerOf(settings.hr, today, settings.timeZone);
  const people = toPeople(feed, reader);
  const matches = match({ users, ...people, domains: [settings.domain, ...settings.domains] });
  refuseStrangers(matches, people.people);

  const exceptions = judgeExceptions(entries, users, today);
  const circumstances = {
    policy,
    today,
    exceptions,
    isProtected: compileProtection(policy.protect),
    login,
    unclaimed: matches.unclaimed,
    flips,
    quarrels: new Set<string>(),
    lastSync: sync.last,
  };
  const proposal = decide(matches.matched, circumstances);
  const unfit = approval && refuseApproval(approval, hashDecisions(proposal), now);
  const quarrels = findQuarrels(proposal, flips, (decision) => willBeLeftAlone(decision, gathered));
  const held = quarrels.size > 0 && (!approval || unfit !== undefined);
  const decisions = held ? decide(matches.matched, { ...circumstances, quarrels }) : proposal;
  const conflicts = decisions.filter(({ rule }) => rule === "conflict");

  const passport = describeFeed(feed, people, matches, reader);
  const violations = [...judge(decisions, settings.limits), ...judgeFeed(passport, memory, settings.passport, now)];
  const needed = violations.length > 0 || quarrels.size > 0;

  const problems = [
    ...people.problems,
    ...matches.problems,
    ...tellConflicts(decisions),
    ...findUnknownTypes(users),
    ...tellSettled(quarrels, held ? undefined : approval),
    ...findUnexempt(decisions, sync),
    ...exceptions.problems,
    ...findUnusedProtection(policy, users),
    ...findUnusedScope(policy, feed),
  ];
  return {
    reader,
    people,
    matches,
    decisions,
    decisionsHash: hashDecisions(decisions),
    proposal,
    conflicts,
    passport,
    violations,
    ...(needed && approval && (unfit === undefined ? { approved: approval } : { unfit })),
    problems,
    notes: [...describeDay(settings), ...feed.notes],
  };
}

/** Whether directory sync will leave an account alone that it did not leave alone before. */
function willBeLeftAlone(decision: Decision, { sync, memory }: Gathered): boolean {
  const address = foldAddress(decision.email);
  // This run exempts it before it writes; an exemption that is there already has not helped.
  if (sync.mode === "manage") return needsExemption(decision) && !memory.exempted.has(address);
  return sync.exempt?.has(address) === true;
}
