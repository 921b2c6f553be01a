import type { Encoding } from "../program/hr/csv/decode.ts";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import type { Account } from "./propose.ts";
import type { Billed } from "./reconcile.ts";
import type { SynthesizeClient } from "./synthesize/client.ts";

export interface Service {
  readonly id: string;
  readonly name: string;
}

/** Who bills: customers, services, and what is billed. */
export interface BillingSide {
  readonly name: string;
  readonly accounts: readonly Account[];
  readonly services: readonly Service[];
  /** What stands there: an export says so; of Synthesize it is what was sent, about accounts that are still there. */
  readonly billed: readonly Billed[];
  /** Whether it takes a count of 0. */
  readonly takesZero: boolean;
  /** Lines whose number of seats cannot be read, and why. */
  readonly unread?: readonly { readonly service: string; readonly problem: string }[];
  /** How an export is written, so that counts are written the same way. */
  readonly form?: ExportForm;
  /** Where counts can be sent to. */
  readonly target?: Target;
}

export interface ExportForm {
  readonly encoding: Encoding;
  /** It begins with a byte order mark. */
  readonly hasMark: boolean;
  /** Between cells, where it is a CSV. */
  readonly delimiter: string;
}

export interface Target {
  readonly synthesize: SynthesizeClient;
  readonly integration: string;
  /** `active` from its first counts on; `pending` before, `inactive` after a disconnect. */
  readonly status: string;
  /** Counts stand there that this ledger knows nothing of. */
  readonly isStrange: boolean;
}

/** The billing side cannot be asked. */
export class BillingError extends ErrorForPeople {}
