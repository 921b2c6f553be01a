import http from "node:http";
import https from "node:https";
import axios, { type AxiosResponse } from "axios";
import { ClockSkew } from "./clockSkew.ts";
import { isLoopback, type Connection } from "./connection.ts";
import type { Login } from "./credentials.ts";
import { garbled, lostConnection, refusal, type Failure } from "./failure.ts";
import { EssentialsError } from "./errors.ts";
import { parseExactly } from "./json.ts";
import { Pace } from "./pace.ts";
import type { ApiRequest, Send } from "./request.ts";
import { delayBeforeRetry } from "./retry.ts";

export interface Waiting {
  readonly sleep: (ms: number) => Promise<void>;
  /** The time of day, in milliseconds. */
  readonly now: () => number;
  /** Milliseconds since some moment, which setting the clock does not change. */
  readonly elapsed: () => number;
}
export const realTime: Waiting = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: Date.now,
  elapsed: () => performance.now(),
};

/**
 * The one way any request takes: paced, authenticated, bounded in time, repeated where that is safe, parsed, and
 * classified when it fails. Nothing that leaves it as text contains the login.
 *
 * @param clock learns from the date of every answer
 */
export function createFunnel(
  connection: Connection,
  login: Login,
  { sleep, now, elapsed }: Waiting = realTime,
  clock = new ClockSkew(),
): Send {
  const pace = new Pace(connection.concurrency, sleep, elapsed);
  const redact = redactor(login);
  const loopback = isLoopback(connection.apiUrl);
  const client = axios.create({
    baseURL: connection.apiUrl,
    headers: { "X-User": login.user, "X-Password": login.password, Accept: "application/json" },
    // A redirect would carry the login to whatever host the answer names.
    maxRedirects: 0,
    // The loopback is never reached through a proxy.
    ...(loopback ? { proxy: false as const } : {}),
    httpAgent: new http.Agent({ keepAlive: true, maxSockets: connection.concurrency }),
    httpsAgent: new https.Agent({ keepAlive: true, maxSockets: connection.concurrency }),
    responseType: "text",
    // Bodies are parsed here: axios would round large numbers and take broken JSON for text.
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
  });
  // A refused login stays refused: asking again with every user could lock the administrator's account.
  let refused: Failure | undefined;

  return async function send(request) {
    const fail = (failure: Failure): never => {
      throw new EssentialsError({ ...failure, attempt: request.attempt });
    };
    for (let attempt = 1; ; attempt++) {
      let sentAtMs = 0;
      const outcome = await pace.run(() => {
        sentAtMs = elapsed();
        return unlessRefused(request);
      });
      if ("json" in outcome) {
        pace.succeeded();
        return outcome.json;
      }
      const { failure } = outcome;
      if (failure.cause === undefined) return fail(failure);
      const delayMs = delayBeforeRetry(failure.cause, request.method === "GET" ? "read" : "write", attempt, failure.retryAfterMs);
      if (failure.cause === "throttled") pace.throttled(delayMs ?? 0, sentAtMs);
      if (delayMs === undefined) return fail(failure);
      await sleep(delayMs);
    }
  };

  async function unlessRefused(request: ApiRequest): Promise<{ json: unknown } | { failure: Failure }> {
    if (refused) return { failure: refused };
    const outcome = await once(request);
    if ("failure" in outcome && outcome.failure.status === 401) refused = outcome.failure;
    return outcome;
  }

  async function once(request: ApiRequest): Promise<{ json: unknown } | { failure: Failure }> {
    let response: AxiosResponse<string>;
    const sentAtMs = now();
    try {
      response = await client.request<string>({
        method: request.method,
        url: request.path,
        // axios' own timeout starts anew with every byte that arrives; this one bounds the whole request.
        signal: AbortSignal.timeout(Math.round(connection.timeoutSeconds * 1000)),
        ...(request.body === undefined ? {} : { data: JSON.stringify(request.body), headers: { "Content-Type": "application/json" } }),
      });
    } catch (error) {
      return { failure: lostConnection(error, request, connection) };
    }
    const { status, data: body } = response;
    clock.hear(response.headers["date"], sentAtMs, now());
    try {
      if (status >= 200 && status <= 299) return { json: body === "" ? undefined : parseExactly(body) };
    } catch {
      return { failure: garbled(status, redact(body), request) };
    }
    return { failure: refusal(status, response.headers["retry-after"], redact(body), request, connection, now()) };
  }
}

/** Takes the login out of text that came from outside, in each form it could come back in. */
function redactor(login: Login): (text: string) => string {
  const forms = [login.password, login.user]
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64"), JSON.stringify(secret).slice(1, -1)]);
  return (text) => forms.reduce((clean, form) => clean.replaceAll(form, "[redacted]"), text);
}
