import { foldAddress } from "../provider/essentials/address.ts";
import { isExemptable } from "../provider/essentials/azureSync.ts";
import { isAdminType, isManagedType, type User } from "../provider/essentials/schema.ts";
import type { Approval } from "./approval.ts";
import type { SyncSituation } from "./gather.ts";
import { listSome } from "./lists/listSome.ts";
import { quote } from "./hr/quote.ts";
import { needsExemption, type Decision } from "./policy/decision.ts";

/** What somebody should look at besides what HR's feed itself shows: a sentence each. */

/** @param unfit why the approval there is does not settle them */
export function tellConflicts(decisions: readonly Decision[], unfit: string | undefined): readonly string[] {
  const conflicts = decisions.filter(({ rule }) => rule === "conflict");
  if (conflicts.length === 0) return [];
  return [
    `Conflict: accounts that are held because somebody else undoes what is done here (${conflicts.length}): ${listAddresses(conflicts)}. ` +
      "Find out who; exempt them from directory sync (proofpoint:exemptions), or approve writing them once more (npm run approve).",
    ...(unfit === undefined ? [] : [unfit]),
  ];
}

/** @param quarrels folded addresses that are written once more because somebody approved it */
export function tellSettled(quarrels: ReadonlySet<string>, approval: Approval | undefined): readonly string[] {
  if (quarrels.size === 0 || !approval) return [];
  return [
    `Written once more although somebody else undid it, approved by ${approval.by} (${approval.reason}): ${listSome([...quarrels])}.`,
  ];
}

/** Functional accounts that directory sync will turn back, where nobody is to do more than say so. */
export function findUnexempt(decisions: readonly Decision[], { mode, exempt }: SyncSituation): readonly string[] {
  if (mode !== "warn") return [];
  const open = decisions.filter((decision) => needsExemption(decision) && !exempt?.has(foldAddress(decision.email)));
  if (open.length === 0) return [];
  return [
    `Directory sync will turn ${open.length} functional accounts back, which are not exempt: ${listAddresses(open)} (proofpoint:exemptions).`,
  ];
}

/** Removing every exemption because the sync settings could not be found would let the next sync undo everything. */
export function tellVanishedSync({ vanished }: SyncSituation): readonly string[] {
  return vanished
    ? [
        "The organisation has no directory sync any more, and this stack has exemptions from it, which stay. If it is gone for good, set " +
          "proofpoint:exemptions to ignore; then they are removed.",
      ]
    : [];
}

/** Functional accounts whose address cannot stand in a list of exemptions. */
export function findUnexemptable(decisions: readonly Decision[], { mode }: SyncSituation): readonly string[] {
  if (mode !== "manage") return [];
  const odd = decisions.filter((decision) => needsExemption(decision) && !isExemptable(decision.email));
  return odd.length === 0 ? [] : [`Accounts that cannot be exempt from directory sync, because of their address: ${listAddresses(odd)}.`];
}

/** Types the vendor has added since this program was written. */
export function findUnknownTypes(users: readonly User[]): readonly string[] {
  const unknown = users.filter(({ type }) => !isManagedType(type) && !isAdminType(type));
  if (unknown.length === 0) return [];
  const types = [...new Set(unknown.map(({ type }) => quote(type)))];
  return [`Accounts of a type this program does not know, which are never touched (${types.join(", ")}): ${listAddresses(unknown)}.`];
}

function listAddresses(items: readonly { readonly email: string }[]): string {
  return listSome(items.map(({ email }) => email));
}
