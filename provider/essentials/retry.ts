/** Why an attempt failed, as far as it matters for trying again. */
export type Cause =
  /** 429: refused before anything was done. */
  | "throttled"
  /** No connection was made: the request never left. */
  | "not_sent"
  /** The connection broke or time ran out before the answer was complete. */
  | "cut"
  /** 5xx. */
  | "server_error"
  /** An answer of 200 that is not the JSON it should be: a gateway's page, a truncated body. */
  | "garbled";

/**
 * May the same request be sent again? A read always; a write only where the server cannot have carried it out.
 * A write that may have been applied is settled by reading first, which is the caller's business.
 */
const repeatable: Readonly<Record<Cause, { read: boolean; write: boolean }>> = {
  throttled: { read: true, write: true },
  not_sent: { read: true, write: true },
  cut: { read: true, write: false },
  server_error: { read: true, write: false },
  garbled: { read: true, write: false },
};

/** A busy API lets others pass first; a request waits its turn longer than it would for a broken one. */
const maxAttempts = (cause: Cause) => (cause === "throttled" ? 12 : 5);
const firstDelayMs = 250;
const maxDelayMs = 30_000;

/**
 * How long to wait before the next attempt, in milliseconds; undefined when there must not be one.
 * @param attempt how many attempts were made, from 1
 * @param retryAfterMs what the server asked for, if it did; waits longer than 30 s are cut to that
 */
export function delayBeforeRetry(
  cause: Cause,
  kind: "read" | "write",
  attempt: number,
  retryAfterMs: number | undefined,
  random: () => number = Math.random,
): number | undefined {
  if (!repeatable[cause][kind] || attempt >= maxAttempts(cause)) return undefined;
  const backoffMs = firstDelayMs * 2 ** (attempt - 1) * (0.75 + random() / 2);
  return Math.min(Math.max(backoffMs, retryAfterMs ?? 0), maxDelayMs);
}

/** `Retry-After` in milliseconds: seconds or an HTTP date. */
export function parseRetryAfter(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== "string" || header === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
