import http from "node:http";
import https from "node:https";
import axios, { type AxiosResponse } from "axios";
import { isLoopback } from "../../../provider/essentials/connection.ts";
import { delayBeforeRetry, parseRetryAfter, type Cause } from "../../../provider/essentials/retry.ts";
import { quote } from "../quote.ts";
import { FeedError } from "../row.ts";
import { redact } from "../secret.ts";

export interface WebRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface WebAnswer {
  /** 204 has none. */
  readonly status: number;
  /** Parsed JSON; undefined for an empty body. */
  readonly json: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Certificate and key of this client, as PEM or as PFX. */
export interface ClientCertificate {
  readonly cert?: string;
  readonly key?: string;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
}

export interface WebSettings {
  /** What is read, for messages: `the HR feed of ADP`. */
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly certificate?: ClientCertificate;
  /** Values that must not come back in a message. */
  readonly secrets: readonly string[];
  readonly sleep: (ms: number) => Promise<void>;
}

/** Sends one request of a read. @throws FeedError for anything but a 2xx with JSON in it */
export type AskWeb = (request: WebRequest, attempt: string) => Promise<WebAnswer>;

/** An answer that refuses the credentials: a token may have run out. */
export class Unauthorized extends FeedError {}

/** The one way any request to an HR system takes: bounded in time, repeated where the answer may still come, parsed. */
export function createWeb({ name, timeoutSeconds, certificate, secrets, sleep }: WebSettings): AskWeb {
  const client = axios.create({
    // A redirect would carry the credentials to whatever host the answer names.
    maxRedirects: 0,
    httpAgent: new http.Agent({ keepAlive: true }),
    httpsAgent: new https.Agent({ keepAlive: true, ...certificate }),
    responseType: "text",
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  });
  const fail = (attempt: string, cameBack: string, remedy: string, Kind = FeedError): never => {
    throw new Kind(`Could not read ${name}: ${attempt}, ${redact(cameBack, secrets)}. ${remedy} Nothing was changed.`);
  };

  return async function ask(request, attempt) {
    for (let count = 1; ; count++) {
      const outcome = await once(request);
      if ("answer" in outcome) return outcome.answer;
      const delayMs = outcome.cause && delayBeforeRetry(outcome.cause, "read", count, outcome.retryAfterMs);
      if (delayMs === undefined) return fail(attempt, outcome.cameBack, outcome.remedy, outcome.unauthorized ? Unauthorized : FeedError);
      await sleep(delayMs);
    }
  };

  async function once({ method, url, headers, body }: WebRequest): Promise<{ answer: WebAnswer } | Failure> {
    let response: AxiosResponse<string>;
    try {
      response = await client.request<string>({
        method,
        url,
        headers: { Accept: "application/json", ...headers },
        signal: AbortSignal.timeout(Math.round(timeoutSeconds * 1000)),
        ...(body === undefined ? {} : { data: body }),
        ...(isLoopback(url) ? { proxy: false as const } : {}),
      });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const timedOut = code === "ERR_CANCELED";
      return {
        cause: "cut",
        cameBack: timedOut ? `no answer came within ${timeoutSeconds} s` : `the connection failed (${code ?? message})`,
        remedy: timedOut
          ? "Run again later, or raise proofpoint:hr.timeoutSeconds."
          : "Check the address, the network and the client certificate.",
      };
    }
    const { status, data } = response;
    if (status >= 200 && status <= 299) {
      try {
        return { answer: { status, json: data === "" ? undefined : (JSON.parse(data) as unknown), headers: response.headers } };
      } catch {
        return { cause: "garbled", cameBack: `the answer is not JSON: ${quote(data, 80)}`, remedy: "Check the address." };
      }
    }
    return refusal(status, data, response.headers["retry-after"]);
  }
}

interface Failure {
  /** Why it may be tried again; undefined where it must not be. */
  readonly cause?: Cause;
  readonly cameBack: string;
  readonly remedy: string;
  readonly retryAfterMs?: number | undefined;
  readonly unauthorized?: true;
}

function refusal(status: number, body: string, retryAfter: unknown): Failure {
  const said = messageOf(body);
  const cameBack = `the answer was ${status}${said ? ` (${quote(said, 160)})` : ""}`;
  if (status === 401) return { cameBack, remedy: "Check the credentials of proofpoint:hr.", unauthorized: true };
  if (status === 403) return { cameBack, remedy: "The credentials may not read all of it: give their profile access to every worker." };
  if (status === 429)
    return { cause: "throttled", cameBack, remedy: "Run again later.", retryAfterMs: parseRetryAfter(retryAfter, Date.now()) };
  if (status >= 500) return { cause: "server_error", cameBack, remedy: "Run again later." };
  if (status >= 300 && status <= 399) return { cameBack, remedy: "A redirect is not followed: give the address it leads to." };
  return { cameBack, remedy: "Check the address and the request in proofpoint:hr." };
}

/** What HR systems say in an error: ADP's three shapes, and the usual names. */
function messageOf(body: string): string {
  try {
    const found = findMessage(JSON.parse(body));
    if (found) return found;
  } catch {
    // Not JSON: a gateway's page.
  }
  return body
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

const messageKeys = ["messageTxt", "error_description", "error_message", "message", "detail", "title", "error"];

function findMessage(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of messageKeys) {
    const text = (value as Record<string, unknown>)[key];
    if (typeof text === "string" && text !== "") return text;
  }
  for (const part of Object.values(value)) {
    const found = findMessage(part);
    if (found) return found;
  }
  return undefined;
}
