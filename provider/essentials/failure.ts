import { AxiosError } from "axios";
import { isLoopback, type Connection } from "./connection.ts";
import type { ErrorParts } from "./errors.ts";
import type { ApiRequest } from "./request.ts";
import { parseRetryAfter, type Cause } from "./retry.ts";

/** One failed attempt: what to tell the administrator, and why it failed where trying again may help. */
export interface Failure extends Omit<ErrorParts, "attempt"> {
  readonly cause?: Cause;
  readonly retryAfterMs?: number | undefined;
}

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const outOfTime = new Set(["ERR_CANCELED", "ECONNABORTED", "ETIMEDOUT"]);

/** No answer: nobody there, not who it should be, or cut off in the middle. */
export function lostConnection(error: unknown, request: ApiRequest, connection: Connection): Failure {
  if (!(error instanceof AxiosError)) throw error;
  const code = error.code ?? "no reason given";
  const { host } = new URL(connection.apiUrl);
  if (unreachable.has(code)) {
    return {
      code: "unavailable",
      cause: "not_sent",
      cameBack: `no connection to ${host} (${code})`,
      advice: isLoopback(connection.apiUrl)
        ? "Nothing listens there. For the simulator: run `npm run simulator` in another terminal."
        : "Check proofpoint:apiUrl and this machine's network.",
    };
  }
  if (/CERT|TLS|SSL|SIGNATURE|EPROTO/.test(code)) {
    return {
      code: "unavailable",
      cameBack: `${host} could not prove who it is (${code})`,
      advice: "Nothing was sent. Check proofpoint:apiUrl; behind a company proxy, name its certificate in NODE_EXTRA_CA_CERTS.",
    };
  }
  const wrote = request.method !== "GET";
  return {
    code: "unavailable",
    cause: "cut",
    maybeApplied: wrote,
    cameBack: outOfTime.has(code)
      ? `no whole answer from ${host} within ${connection.timeoutSeconds} s`
      : `${host} broke the connection (${code})`,
    advice: wrote
      ? "It may or may not have been carried out; the next run reads the account first."
      : "Try again; if it persists, see Proofpoint's status page.",
  };
}

/** An answer outside 200–299. */
export function refusal(
  status: number,
  retryAfter: unknown,
  body: string,
  request: ApiRequest,
  connection: Connection,
  nowMs: number,
): Failure {
  const said = describeBody(body);
  const failure = { status, cameBack: `the API answered ${status}${said && ` (${said})`}` };
  if (status >= 300 && status < 400) {
    return {
      ...failure,
      code: "unexpected_response",
      cameBack: `the API answered ${status}, a redirect`,
      advice: "The login is not sent on to another address. Check that proofpoint:apiUrl is the address of your stack itself.",
    };
  }
  switch (status) {
    case 401:
      return {
        ...failure,
        code: "auth",
        advice: "The user name or password is wrong, or the login is not an administrator. Check proofpoint:credentials.",
      };
    case 403:
      return { ...failure, code: "auth", advice: `The login may be read-only, or ${connection.domain} is outside what it may manage.` };
    case 404:
      return {
        ...failure,
        code: "not_found",
        advice:
          request.ifNotFound ??
          `Check proofpoint:domain (${connection.domain}), and that proofpoint:apiUrl is the stack the organisation lives on.`,
      };
    case 429:
      return {
        ...failure,
        code: "throttled",
        cause: "throttled",
        retryAfterMs: parseRetryAfter(retryAfter, nowMs),
        advice: "The API asks for fewer requests; lower proofpoint:concurrency or run again later.",
      };
  }
  if (status >= 500) {
    return {
      ...failure,
      code: "unavailable",
      cause: "server_error",
      maybeApplied: request.method !== "GET",
      advice: "That is a fault on Proofpoint's side; run again later.",
    };
  }
  return { ...failure, code: "rejected", advice: "The API refuses this change as invalid; look at the account in the Proofpoint console." };
}

/** An answer of 2xx whose body is not what the API sends. */
export function garbled(status: number, body: string, request: ApiRequest): Failure {
  return {
    code: "unexpected_response",
    cause: "garbled",
    status,
    maybeApplied: request.method !== "GET",
    cameBack: `the API answered ${status} with something that is not JSON (${shorten(body)})`,
    advice: "The answer was cut short, or a gateway answered in the API's place. Check proofpoint:apiUrl, then try again.",
  };
}

/** Error text by the places known to carry it, in the order they are trusted. */
function describeBody(body: string): string {
  try {
    const json = JSON.parse(body) as { errors?: { error_message?: unknown }[]; message?: unknown; error?: unknown; detail?: unknown };
    const messages = Array.isArray(json.errors) ? json.errors.map((entry) => entry.error_message) : [];
    const said = [...messages, json.message, json.error, json.detail].find((text) => typeof text === "string" && text !== "");
    return shorten(typeof said === "string" ? said : body);
  } catch {
    return shorten(body);
  }
}

function shorten(text: string): string {
  const line = text
    .replace(/<(style|script|head)\b.*?<\/\1>/gis, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
