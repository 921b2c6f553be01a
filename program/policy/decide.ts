import type { Decision } from "./decision.ts";
import type { Matched } from "./match.ts";
import type { Policy } from "./policy.ts";
import { rules } from "./rules.ts";

/** One decision for each live user, in the order of their addresses. */
export function decide(matched: readonly Matched[], policy: Policy): readonly Decision[] {
  return matched.map((each) => decideOne(each, policy)).sort((a, b) => (a.email < b.email ? -1 : 1));
}

function decideOne(matched: Matched, policy: Policy): Decision {
  const rule = rules.find(({ applies }) => applies(matched, policy));
  if (!rule) throw new Error("No rule applies, although the last one always does.");
  const have = matched.user.type;
  const outcome = rule.outcome(policy);
  return { email: matched.user.email, have, want: outcome === "hold" ? have : outcome, rule: rule.id, reason: rule.reason(matched) };
}
