import { z } from "zod";
import { FeedError } from "../row.ts";
import { Unauthorized, type AskWeb } from "./web.ts";

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().optional() });

export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
}

/** Sends a request, and once more with a new token where it is refused: a token may be withdrawn before its time. A second refusal is one. */
export async function withRenewal<T>(send: (renew: boolean) => Promise<T>): Promise<T> {
  try {
    return await send(false);
  } catch (error) {
    if (!(error instanceof Unauthorized)) throw error;
    return send(true);
  }
}

/** So long before its end a token is no longer used: it must outlive the request it is sent with. */
const marginMs = 60_000;

/**
 * A bearer token by OAuth 2 client credentials. `renew` asks for another although the last has not run out.
 * @param secrets is told every token, so that none comes back in a message
 */
export function createToken(ask: AskWeb, credentials: ClientCredentials, secrets: string[], now: () => number = Date.now) {
  let token: { text: string; until: number } | undefined;
  return async function bearer(renew = false): Promise<string> {
    if (token && !renew && now() < token.until) return token.text;
    const { tokenUrl, clientId, clientSecret, scope } = credentials;
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      ...(scope === undefined ? {} : { scope }),
    });
    const { json } = await ask(
      { method: "POST", url: tokenUrl, headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: body.toString() },
      "logging in",
    );
    const parsed = tokenSchema.safeParse(json);
    if (!parsed.success) throw new FeedError(`Could not log in at ${tokenUrl}: the answer has no access_token. Nothing was changed.`);
    const { access_token: text, expires_in: seconds = 3600 } = parsed.data;
    secrets.push(text);
    token = { text, until: now() + Math.max(0, seconds * 1000 - marginMs) };
    return text;
  };
}
