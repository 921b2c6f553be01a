/**
 * An error whose message is a sentence for the administrator: what, whom, what came back, what to do. It is shown
 * without a stack trace. Every other error is a fault of this program.
 */
export abstract class ErrorForPeople extends Error {
  constructor(message: string) {
    super(message.split("\n").map(onOneLine).join("\n"));
  }
}

export function isForPeople(error: unknown): error is ErrorForPeople {
  return error instanceof ErrorForPeople;
}

/** The closed set of ways a call to Proofpoint Essentials can fail. */
export type ErrorCode = "auth" | "not_found" | "rejected" | "throttled" | "unavailable" | "unexpected_response";

export interface ErrorParts {
  readonly code: ErrorCode;
  /** What was attempted on whom, as it follows "Could not": `set jane@acme.test to functional_account`. */
  readonly attempt: string;
  /** What came back: `the API answered 403`. Never a header, never a credential. */
  readonly cameBack: string;
  /** What the administrator does next: one or two whole sentences. */
  readonly advice: string;
  /** The request may have been carried out although no answer came: read before writing again. */
  readonly maybeApplied?: boolean;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
}

/**
 * A failed call, in one sentence an administrator can act on.
 *
 * It is built from text alone and keeps no request, response or cause: those carry the password in their headers.
 */
export class EssentialsError extends ErrorForPeople {
  readonly code: ErrorCode;
  readonly maybeApplied: boolean;
  readonly cameBack: string;
  readonly status: number | undefined;

  constructor(parts: ErrorParts) {
    super(onOneLine(`Could not ${parts.attempt}: ${parts.cameBack}. ${parts.advice} (code ${parts.code})`));
    this.name = "EssentialsError";
    this.code = parts.code;
    this.cameBack = parts.cameBack;
    this.status = parts.status;
    this.maybeApplied = parts.maybeApplied ?? false;
  }
}

/** Addresses and answers come from outside: nothing in them may move the cursor of a terminal, break a line or turn it around. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

/** What came back where a file could not be read or written: "the system answered EACCES". */
export function systemAnswer(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `the system answered ${code ?? message}`;
}
