import { foldAddress } from "../../provider/essentials/address.ts";
import { addressesOf, isAdminType, isManagedType } from "../../provider/essentials/schema.ts";
import { addDays } from "../hr/date.ts";
import { isActive, type Evidence } from "../hr/evidence.ts";
import { quote } from "../hr/quote.ts";
import { foldWord } from "../hr/status.ts";
import { tellFlip } from "./flip.ts";
import type { Matched } from "./match.ts";
import type { Circumstances, Outcome, Rule } from "./rule.ts";
import { describeCodes, hasScope, inScope } from "./scope.ts";
import { domainOf, foldDomain } from "./within.ts";
import { since, tellEnd, tellExceptions, tellGrace } from "./sentences.ts";

const hold = () => "hold" as const;

/** Whether HR calls somebody active who may be the owner: nobody of whom that cannot be ruled out is converted by an exception. */
function mayBeActive(matched: Matched, { unclaimed }: Circumstances): boolean {
  const { person, personalAddress, refusedRow, similarAddress, twoPeople } = matched;
  const open = personalAddress ?? refusedRow ?? similarAddress ?? twoPeople;
  return open !== undefined || unclaimed.length > 0 || (person !== undefined && isActive(person.evidence));
}

/** Of several outcomes for one person, the one that takes least away. */
function safestOutcome(outcomes: readonly Outcome[]): Outcome {
  return (["end_user", "hold", "functional_account"] as const).find((outcome) => outcomes.includes(outcome)) ?? "hold";
}

const says =
  (...evidence: Evidence[]) =>
  ({ person }: Matched) =>
    person !== undefined && evidence.includes(person.evidence);

/** The whole policy, in order: the first rule that applies to an account decides about it, and the last one always applies. */
export const rules: readonly Rule[] = [
  {
    id: "unmanaged",
    title: "administrators and unknown types, never touched",
    condition: "administrators of any kind, and types this program does not know",
    usually: "never touched",
    applies: ({ user }) => !isManagedType(user.type),
    outcome: hold,
    reason: ({ user }) =>
      isAdminType(user.type)
        ? `is ${user.type}; administrators are never touched`
        : `is ${quote(user.type)}, a type this program does not know; such accounts are never touched`,
  },
  {
    id: "protected",
    title: "protected by proofpoint:policy.protect",
    condition: "addresses and patterns of `policy.protect`",
    usually: "hold",
    applies: ({ user }, { isProtected }) => isProtected(user),
    outcome: hold,
    reason: () => "is protected by proofpoint:policy.protect",
  },
  {
    id: "login",
    title: "the login of this program",
    condition: "the account this program logs in with",
    usually: "hold",
    applies: ({ user }, { login }) => addressesOf(user).includes(foldAddress(login)),
    outcome: hold,
    reason: () => "is the account this program logs in with",
  },
  {
    id: "canary",
    title: "outside the canary",
    condition: "everybody outside `proofpoint:canary`, where that is set",
    usually: "hold",
    applies: ({ user }, { isInCanary }) => !isInCanary(user),
    outcome: hold,
    reason: () => "is outside proofpoint:canary, which names whom this stack may change",
  },
  {
    id: "conflict",
    title: "conflict: what this program does is undone by somebody else",
    condition: "what this program made of it was undone twice, and nobody has settled that",
    usually: "hold, until an exemption or an approval settles it",
    applies: ({ user }, { quarrels }) => quarrels.has(foldAddress(user.email)),
    outcome: hold,
    reason: ({ user }, circumstances) => {
      const flip = circumstances.flips.get(foldAddress(user.email));
      return `was made ${flip?.wrote} here and is ${user.type}${flip ? `: ${tellFlip(flip, circumstances.lastSync)}` : ""}`;
    },
  },
  {
    id: "wave",
    title: "waits for a later wave",
    condition: "changes beyond this wave, where `proofpoint:waves` is set",
    usually: "hold, until the waves before have lasted",
    applies: ({ user }, { waiting }) => waiting.has(foldAddress(user.email)),
    outcome: hold,
    reason: ({ user }, { waiting }) => {
      const decided = waiting.get(foldAddress(user.email));
      return `${decided?.reason}; becomes ${decided?.want} in a later wave`;
    },
  },
  {
    id: "exception",
    title: "an exception",
    condition: "a valid entry of the exceptions file",
    usually: "as it says; hold where two disagree, or where it would convert somebody who is or may be active in HR",
    applies: ({ user }, { exceptions }) => exceptions.about(user).length > 0,
    outcome: (matched, circumstances) => {
      const [first, ...others] = circumstances.exceptions.about(matched.user);
      if (!first || others.some(({ want }) => want !== first.want)) return "hold";
      return first.want === "functional_account" && mayBeActive(matched, circumstances) ? "hold" : first.want;
    },
    reason: (matched, circumstances) => tellExceptions(circumstances.exceptions.about(matched.user), mayBeActive(matched, circumstances)),
  },
  {
    id: "shared_address",
    title: "shares an address with another account",
    condition: "an address two accounts have",
    usually: "hold",
    applies: ({ sharedAddress }) => sharedAddress !== undefined,
    outcome: hold,
    reason: ({ sharedAddress }) =>
      `has the address ${sharedAddress?.address}, which ${sharedAddress?.other} has too, so HR's answer could mean either`,
  },
  {
    id: "inactive_account",
    title: "accounts that are switched off",
    condition: "accounts that are switched off (`is_active` false)",
    usually: "hold (`policy.inactiveAccounts`)",
    applies: ({ user }, { policy }) => !user.active && policy.inactiveAccounts === "hold",
    outcome: hold,
    reason: () => "is switched off in Proofpoint, and stays as somebody left it",
  },
  {
    id: "silent",
    title: "silent users, left as they are",
    condition: "`silent_user`",
    usually: "hold (`policy.silent`)",
    applies: ({ user }, { policy }) => user.type === "silent_user" && policy.silent === "hold",
    outcome: hold,
    reason: () => "is a silent user; those are left as they are",
  },
  {
    id: "other_domain",
    title: "domains HR does not speak for",
    condition: "a primary address outside `policy.domains`, where that is set",
    usually: "hold",
    applies: ({ user }, { policy: { domains } }) =>
      domains.length > 0 && !domains.map(foldDomain).includes(domainOf(foldAddress(user.email))),
    outcome: hold,
    reason: () => "has a domain that proofpoint:policy.domains does not name",
  },
  {
    id: "two_people",
    title: "one address, two people in HR",
    condition: "an address HR gives to two different people",
    usually: "hold",
    applies: ({ twoPeople }) => twoPeople !== undefined,
    outcome: hold,
    reason: ({ twoPeople }) => `has the address ${twoPeople}, which HR gives to two different people`,
  },
  {
    id: "personal_address",
    title: "known to HR by a personal address",
    condition: "an address outside the organisation's domains by which HR knows somebody",
    usually: "hold",
    applies: ({ personalAddress }) => personalAddress !== undefined,
    outcome: hold,
    reason: ({ personalAddress }) =>
      `has the address ${personalAddress}, by which HR knows somebody, outside the organisation's domains; if the domain is one of them, add it to proofpoint:domains`,
  },
  {
    id: "refused_row",
    title: "named by a row that could not be read",
    condition: "a refused row of the feed that names it",
    usually: "hold",
    applies: ({ refusedRow }) => refusedRow !== undefined,
    outcome: hold,
    reason: ({ refusedRow }) => `may be meant by ${refusedRow?.where} of the HR feed, which could not be read`,
  },
  {
    id: "similar_address",
    title: "not in HR, and an address there may be a slip for it",
    condition: "not in HR, which has an address that may be a slip for it: `cfojane@` or `jane+hr@` for `jane@`",
    usually: "hold",
    applies: ({ similarAddress, person }) => person === undefined && similarAddress !== undefined,
    outcome: hold,
    reason: ({ similarAddress }) => `is not in HR, where ${similarAddress}, which no account has, may be a slip for it`,
  },
  {
    id: "out_of_scope",
    title: "people HR does not speak for here",
    condition: "people outside `policy.scope`, and where that is set whoever is not in HR (`scope.includeMissing`)",
    usually: "hold",
    applies: ({ person }, { policy }) => hasScope(policy) && (person ? !inScope(person, policy) : !policy.scope.includeMissing),
    outcome: hold,
    reason: ({ person }) =>
      person?.codes[0]
        ? `is outside proofpoint:policy.scope (${describeCodes(person.codes[0])})`
        : "is not in HR, so nobody can say whether it is within proofpoint:policy.scope",
  },
  {
    id: "active",
    title: "HR says active",
    condition: "HR says active",
    usually: "end_user (`policy.active`)",
    applies: says("active"),
    outcome: (_, { policy }) => policy.active,
    reason: ({ person }) => `is active in HR (status ${quote(person?.status)})`,
  },
  {
    id: "rehired",
    title: "HR says hired again",
    condition: "hired again after the last day",
    usually: "end_user (`policy.active`)",
    applies: says("rehired"),
    outcome: (_, { policy }) => policy.active,
    reason: ({ person }) => `was hired again on ${person?.effective}, after the last day (status ${quote(person?.status)})`,
  },
  {
    id: "unread_rows",
    title: "rows of the feed could not be read",
    condition: "everybody else, while a refused row may be about anybody",
    usually: "hold",
    applies: (_, { unclaimed }) => unclaimed.length > 0,
    outcome: hold,
    reason: (_, { unclaimed }) =>
      `could be meant by ${unclaimed[0]?.where}${unclaimed.length > 1 ? ` or ${unclaimed.length - 1} more` : ""} of the HR feed, which could not be read`,
  },
  {
    id: "leave",
    title: "HR says on leave",
    condition: "HR says on leave, of whatever kind",
    usually: "end_user (`policy.leave`, `policy.leaveKinds`)",
    applies: says("leave"),
    outcome: ({ person }, { policy }) =>
      safestOutcome((person?.leaveKinds ?? [person?.leaveKind ?? ""]).map((kind) => policy.leaveKinds[foldWord(kind)] ?? policy.leave)),
    reason: ({ person }) => `is on leave in HR${since(person?.effective)} (${quote(person?.leaveKind)})`,
  },
  {
    id: "pending",
    title: "HR says hired, not started yet",
    condition: "hired, and not started yet",
    usually: "hold (`policy.pending`)",
    applies: says("pending"),
    outcome: (_, { policy }) => policy.pending,
    reason: ({ person }) =>
      `has not started yet according to HR${person?.effective ? `, starts on ${person.effective}` : ""} (status ${quote(person?.status)})`,
  },
  {
    id: "leaving",
    title: "HR says leaving, last day still to come",
    condition: "terminated, and the last day is not over",
    usually: "hold (`policy.leaving`)",
    applies: says("leaving"),
    outcome: (_, { policy }) => policy.leaving,
    reason: ({ person }) => `leaves on ${person?.lastDay} according to HR (status ${quote(person?.status)})`,
  },
  {
    id: "unknown",
    title: "HR's answer is not understood",
    condition: "a status word that is not known, or a date that is none",
    usually: "hold (`policy.unknown`)",
    applies: says("unknown"),
    outcome: (_, { policy }) => policy.unknown,
    reason: ({ person }) =>
      person?.doubt ? `has ${person.doubt}` : `has the HR status ${quote(person?.status)}, which is not a word this program knows`,
  },
  {
    id: "grace",
    title: "left, days of grace not over",
    condition: "left, and `policy.graceDays` are not over or cannot be counted",
    usually: "hold",
    applies: (matched, { policy, today }) =>
      policy.graceDays > 0 &&
      says("terminated", "deceased")(matched) &&
      (matched.person?.lastDay === undefined || addDays(matched.person.lastDay, policy.graceDays) >= today),
    outcome: hold,
    reason: (matched, { policy }) =>
      matched.person?.lastDay === undefined
        ? `${tellEnd(matched)}, without a date, so that ${policy.graceDays} days of grace cannot be counted`
        : `${tellEnd(matched)}, ${policy.graceDays} days of grace until ${addDays(matched.person.lastDay, policy.graceDays)}`,
  },
  {
    id: "deceased",
    title: "HR says deceased",
    condition: "HR says deceased",
    usually: "functional_account (`policy.deceased`)",
    applies: says("deceased"),
    outcome: (_, { policy }) => policy.deceased,
    reason: (matched, { policy }) => tellEnd(matched) + tellGrace(policy),
  },
  {
    id: "terminated",
    title: "HR says terminated",
    condition: "HR says terminated",
    usually: "functional_account (`policy.terminated`)",
    applies: says("terminated"),
    outcome: (_, { policy }) => policy.terminated,
    reason: (matched, { policy }) => tellEnd(matched) + tellGrace(policy),
  },
  {
    id: "missing",
    title: "not in HR",
    condition: "HR does not know any of its addresses",
    usually: "functional_account (`policy.missing`)",
    applies: () => true,
    outcome: (_, { policy }) => policy.missing,
    reason: () => "is not in HR, under any of its addresses",
  },
];
