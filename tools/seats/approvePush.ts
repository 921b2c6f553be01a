import { ErrorForPeople, onOneLine } from "../../provider/essentials/errors.ts";
import type { Approved } from "../../seats/ledger.ts";
import { whoIsIt } from "../cli/whoIsIt.ts";
import type { SeatsContext } from "./context.ts";

export interface ApprovalOptions {
  /** The code of the counts that may fall by more than usual, this once. */
  readonly approve: string | undefined;
  /** Why they may. */
  readonly reason: string | undefined;
  readonly by: string | undefined;
}

/** Counts fall by more than they may without somebody who says that it is right. */
export class PushRefused extends ErrorForPeople {}

/**
 * Who approved what must not be sent without; nobody where it may.
 * @param code of the counts: an approval is of these and no others
 * @throws PushRefused
 */
export async function approvePush(
  { folder }: SeatsContext,
  violations: readonly string[],
  code: string,
  { approve, reason = "", by }: ApprovalOptions,
): Promise<Approved | undefined> {
  if (violations.length === 0) return undefined;
  if (approve === code) return { code, reason: reason.trim(), by: await whoIsIt(by) };
  const where = folder === "seats" ? "" : ` --folder ${folder}`;
  const lines = [
    approve === undefined ? "No count was sent." : `No count was sent: ${approve} was given for other counts than these.`,
    ...violations.map((violation) => `  ${violation}`),
    `If that is right: npm run seats -- push${where} --approve ${code} --reason "why it is right"`,
  ];
  throw new PushRefused(lines.map(onOneLine).join("\n"));
}
