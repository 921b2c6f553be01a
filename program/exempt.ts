import { foldAddress } from "../provider/essentials/address.ts";
import { isExemptable } from "../provider/essentials/azureSync.ts";
import type { Gathered } from "./gather.ts";
import { keepsExemption, needsExemption, type Decision } from "./policy/decision.ts";

type Known = Pick<Gathered, "sync" | "memory">;

/** Who is to be exempt from directory sync by this stack. */
export function findExempt(decisions: readonly Decision[], { sync, memory }: Known): readonly Decision[] {
  if (sync.mode !== "manage") return [];
  return decisions.filter(
    (decision) =>
      isExemptable(decision.email) &&
      (needsExemption(decision) || (keepsExemption(decision) && memory.exempted.has(foldAddress(decision.email)))),
  );
}

/** Whether an up adds or removes an exemption. */
export function changesExemptions(decisions: readonly Decision[], known: Known): boolean {
  const { exemptions, exempted } = known.memory;
  const addresses = new Set(findExempt(decisions, known).map(({ email }) => foldAddress(email)));
  return [...addresses].some((address) => !exemptions.has(address)) || [...exempted].some((address) => !addresses.has(address));
}
