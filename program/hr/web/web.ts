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
    // Decoded and parsed here: axios would take any bytes for UTF-8 and broken JSON for text.
    responseType: "arraybuffer",
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
    let response: AxiosResponse<Buffer>;
    try {
      response = await client.request<Buffer>({
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
    const { status, headers: answered } = response;
    const text = decodeBody(response.data, String(answered["content-type"] ?? ""));
    if (![200, 201, 204].includes(status)) return refusal(status, redact(messageOf(text), secrets), answered["retry-after"]);
    try {
      return { answer: { status, json: text === "" ? undefined : parseKeepingDigits(text ?? "not text"), headers: answered } };
    } catch {
      const what = `${String(answered["content-type"] ?? "no content type")}, ${response.data.length} bytes`;
      return { cause: "garbled", cameBack: `the answer is not JSON (${what})`, remedy: "Check the address." };
    }
  }
}

/** A long number is somebody's key: rounded, it would be somebody else's. It stays the text it is. */
function parseKeepingDigits(text: string): unknown {
  const parse = JSON.parse as (text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown) => unknown;
  return parse(text, (_key, value, { source }) => (typeof value === "number" && !Number.isSafeInteger(value) ? (source ?? value) : value));
}

/** @returns undefined for bytes that are not what the header says they are: a guess would change somebody's address */
function decodeBody(bytes: Buffer, contentType: string): string | undefined {
  const [, charset = "utf-8"] = /charset="?([^\s;"]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
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

function refusal(status: number, said: string, retryAfter: unknown): Failure {
  const cameBack = `the answer was ${status}${said ? ` (${quote(said, 160)})` : ""}`;
  if (status === 401) return { cameBack, remedy: "Check the credentials of proofpoint:hr.", unauthorized: true };
  if (status === 403) return { cameBack, remedy: "The credentials may not read all of it: give their profile access to every worker." };
  if (status === 429)
    return { cause: "throttled", cameBack, remedy: "Run again later.", retryAfterMs: parseRetryAfter(retryAfter, Date.now()) };
  if (status >= 500) return { cause: "server_error", cameBack, remedy: "Run again later." };
  if (status >= 300 && status <= 399) return { cameBack, remedy: "A redirect is not followed: give the address it leads to." };
  if (status <= 299) return { cameBack, remedy: "Only 200 and 204 are whole answers: check the request in proofpoint:hr." };
  return { cameBack, remedy: "Check the address and the request in proofpoint:hr." };
}

/** What HR systems say in an error: ADP's three shapes, and the usual names. A body of another form is not repeated: it may be about people. */
function messageOf(body: string | undefined): string {
  try {
    return findMessage(JSON.parse(body ?? "")) ?? "";
  } catch {
    return "";
  }
}

const messageKeys = ["messageTxt", "error_description", "error_message", "message", "detail", "error"];
/** Where errors keep their messages; anywhere else may be somebody's record. */
const containers =
  /^(_?confirmMessage|processMessages|resourceMessages|userMessage|developerMessage|response|applicationCode|errors?|fault|\d+)$/;

function findMessage(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of messageKeys) {
    const text = (value as Record<string, unknown>)[key];
    if (typeof text === "string" && text !== "") return text;
  }
  for (const [key, part] of Object.entries(value)) {
    const found = containers.test(key) ? findMessage(part) : undefined;
    if (found) return found;
  }
  return undefined;
}
