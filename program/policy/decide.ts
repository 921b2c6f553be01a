import { foldAddress } from "../../provider/essentials/address.ts";
import type { Decision } from "./decision.ts";
import { tellFlip } from "./flip.ts";
import type { Matched } from "./match.ts";
import type { Circumstances, Outcome } from "./rule.ts";
import { rules } from "./rules.ts";

/** One decision for each live user, in the order of their addresses. */
export function decide(matched: readonly Matched[], circumstances: Circumstances): readonly Decision[] {
  return matched.map((each) => decideOne(each, circumstances)).sort((a, b) => (a.email < b.email ? -1 : 1));
}

function decideOne(matched: Matched, circumstances: Circumstances): Decision {
  const rule = rules.find(({ applies }) => applies(matched, circumstances));
  if (!rule) throw new Error("No rule applies, although the last one always does.");
  const { user, person } = matched;
  const outcome = settle(rule.outcome(matched, circumstances), user.type === "silent_user");
  const flip = circumstances.flips.get(foldAddress(user.email));
  const again = flip?.wrote === outcome ? flip : undefined;
  const reason = rule.reason(matched, circumstances);
  return {
    email: user.email,
    have: user.type,
    want: outcome === "hold" ? user.type : outcome,
    rule: rule.id,
    reason: again ? `${reason}; ${tellFlip(again, circumstances.lastSync)}` : reason,
    held: outcome === "hold",
    ...(person?.effective !== undefined && { effective: person.effective }),
    ...(again && { undone: again.wroteAt.toISOString() }),
  };
}

/** Whoever is to keep a mailbox and is silent stays silent: nobody is given a login they never had. */
function settle(outcome: Outcome, silent: boolean): Outcome {
  return silent && outcome === "end_user" ? "hold" : outcome;
}
