import { foldAddress } from "../provider/essentials/address.ts";
import type { Gathered, SyncSituation } from "./gather.ts";
import { judgeFeed } from "./feedGuard.ts";
import { judge, type Violation } from "./guard.ts";
import type { Reader } from "./hr/evidence.ts";
import { listSome } from "./hr/listSome.ts";
import { describeFeed, type FeedPassport } from "./hr/passport.ts";
import { toPeople, type People } from "./hr/person.ts";
import { readerOf } from "./hr/source.ts";
import type { Memory } from "./memory.ts";
import { decide } from "./policy/decide.ts";
import { needsExemption, type Decision } from "./policy/decision.ts";
import { judgeExceptions } from "./policy/exceptions.ts";
import { match, refuseStrangers, type Match } from "./policy/match.ts";
import { compileProtection, findUnusedProtection } from "./policy/protect.ts";
import { findUnusedScope, refuseBlindScope } from "./policy/scope.ts";
import type { Settings } from "./settings.ts";
import { describeDay } from "./today.ts";

/** What follows from what was gathered, on one day. */
export interface Evaluation {
  readonly reader: Reader;
  readonly people: People;
  readonly matches: Match;
  readonly decisions: readonly Decision[];
  readonly passport: FeedPassport;
  readonly violations: readonly Violation[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

export interface Occasion {
  readonly today: string;
  readonly now: Date;
  /** The address this program logs in with. */
  readonly login: string;
  /** What the last applied run left behind. */
  readonly memory: Memory;
}

/**
 * From rows and users to decisions, and whether they are safe to make. Pure: the same input gives the same answer.
 * @throws FeedError for a feed no decision can rest on
 */
export function evaluate(
  { feed, users, exceptions: entries, sync }: Gathered,
  settings: Settings,
  { today, now, login, memory }: Occasion,
): Evaluation {
  const { policy } = settings;
  refuseBlindScope(policy, feed);
  const reader = readerOf(settings.hr, today, settings.timeZone);
  const people = toPeople(feed, reader);
  const matches = match({ users, ...people, domains: [settings.domain, ...settings.domains] });
  refuseStrangers(matches, people.people);

  const exceptions = judgeExceptions(entries, users, today);
  const decisions = decide(matches.matched, {
    policy,
    today,
    exceptions,
    isProtected: compileProtection(policy.protect),
    login,
    unclaimed: matches.unclaimed,
  });
  const passport = describeFeed(feed, people, matches, reader);
  const violations = [...judge(decisions, settings.limits), ...judgeFeed(passport, memory, settings.passport, now)];

  const settled = [
    ...findUnexempt(decisions, sync),
    ...exceptions.problems,
    ...findUnusedProtection(policy, users),
    ...findUnusedScope(policy, feed),
  ];
  const problems = [...people.problems, ...matches.problems, ...settled];
  return { reader, people, matches, decisions, passport, violations, problems, notes: [...describeDay(settings), ...feed.notes] };
}

/** Functional accounts that directory sync will turn back, where nobody is to do more than say so. */
function findUnexempt(decisions: readonly Decision[], { mode, exempt }: SyncSituation): readonly string[] {
  if (mode !== "warn") return [];
  const open = decisions.filter((decision) => needsExemption(decision) && !exempt.has(foldAddress(decision.email)));
  if (open.length === 0) return [];
  const told = listSome(open.map(({ email }) => email));
  return [`Directory sync will turn ${open.length} functional accounts back, which are not exempt: ${told} (proofpoint:exemptions).`];
}
