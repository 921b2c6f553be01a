import { isManagedType, type ManagedType } from "../../provider/essentials/schema.ts";
import { quote } from "../hr/quote.ts";
import type { Evidence } from "../hr/status.ts";
import type { RuleId } from "./decision.ts";
import type { Matched } from "./match.ts";
import type { Policy } from "./policy.ts";
import { isProtected } from "./protect.ts";

export interface Rule {
  readonly id: RuleId;
  /** The accounts it speaks of, as a heading: "HR says terminated". */
  readonly title: string;
  readonly applies: (matched: Matched, policy: Policy) => boolean;
  /** The type those accounts should have; `hold` leaves each as it is. */
  readonly outcome: (policy: Policy) => ManagedType | "hold";
  /** The deciding fact about one of them, as a sentence. */
  readonly reason: (matched: Matched) => string;
}

const hold = () => "hold" as const;

/** The whole policy, in order: the first rule that applies to an account decides about it, and the last one always applies. */
export const rules: readonly Rule[] = [
  {
    id: "unmanaged",
    title: "administrators, never touched",
    applies: ({ user }) => !isManagedType(user.type),
    outcome: hold,
    reason: ({ user }) => `is ${user.type}; administrators are never touched`,
  },
  {
    id: "protected",
    title: "protected by proofpoint:policy.protect",
    applies: ({ user }, { protect }) => isProtected(user, protect),
    outcome: hold,
    reason: () => "is protected by proofpoint:policy.protect",
  },
  {
    id: "shared_address",
    title: "shares an address with another account",
    applies: ({ sharedAddress }) => sharedAddress !== undefined,
    outcome: hold,
    reason: ({ sharedAddress }) =>
      `has the address ${sharedAddress?.address}, which ${sharedAddress?.other} has too, so HR's answer could mean either`,
  },
  {
    id: "silent",
    title: "silent users, left as they are",
    applies: ({ user }) => user.type === "silent_user",
    outcome: hold,
    reason: () => "is a silent user; those are left as they are",
  },
  whenHrSays("active", "HR says active", (policy) => policy.active),
  whenHrSays("leave", "HR says on leave", (policy) => policy.leave),
  whenHrSays("pending", "HR says hired, not started yet", (policy) => policy.pending),
  {
    ...whenHrSays("unknown", "HR's status word is not known", (policy) => policy.unknown),
    reason: ({ person }) => `has the HR status ${quote(person?.status)}, which is not a word this program knows`,
  },
  whenHrSays("terminated", "HR says terminated", (policy) => policy.terminated),
  {
    id: "missing",
    title: "not in HR",
    applies: () => true,
    outcome: (policy) => policy.missing,
    reason: () => "is not in HR, under any of its addresses",
  },
];

function whenHrSays(evidence: Evidence, title: string, outcome: Rule["outcome"]): Rule {
  return {
    id: evidence,
    title,
    applies: ({ person }) => person?.evidence === evidence,
    outcome,
    reason: ({ person }) => `is ${evidence} in HR (status ${quote(person?.status)})`,
  };
}
