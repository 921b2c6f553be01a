import type { HttpAuth, HttpSettings } from "./httpSettings.ts";
import type { Get } from "./pager.ts";
import type { ReadSecret } from "../secret.ts";
import { createToken, withRenewal } from "../web/oauth.ts";
import type { AskWeb } from "../web/web.ts";

/** How requests are logged in: the headers of one, newly got where `renew` says so. */
type Login = (renew: boolean) => Promise<Readonly<Record<string, string>>>;

/** @param secrets is told everything that must not come back in a message */
export async function createLogin(auth: HttpAuth, readSecret: ReadSecret, ask: AskWeb, secrets: string[]): Promise<Login> {
  const secret = (from: Parameters<ReadSecret>[0] | { value: string }, what: string) =>
    "value" in from ? Promise.resolve(from.value) : readSecret(from, what);
  switch (auth.type) {
    case "none":
      return async () => ({});
    case "basic": {
      const [user, password] = [
        await secret(auth.user, "user name of the HR system"),
        await secret(auth.password, "password of the HR system"),
      ];
      const encoded = Buffer.from(`${user}:${password}`).toString("base64");
      secrets.push(encoded);
      return async () => ({ Authorization: `Basic ${encoded}` });
    }
    case "bearer": {
      const token = await readSecret(auth.token, "token of the HR system");
      return async () => ({ Authorization: `Bearer ${token}` });
    }
    case "header": {
      const value = await readSecret(auth.value, "API key of the HR system");
      return async () => ({ [auth.name]: value });
    }
    case "oauth2": {
      const clientId = await readSecret(auth.clientId, "client id of the HR system");
      const clientSecret = await readSecret(auth.clientSecret, "client secret of the HR system");
      const bearer = createToken(ask, { tokenUrl: auth.tokenUrl, clientId, clientSecret, scope: auth.scope }, secrets);
      return async (renew) => ({ Authorization: `Bearer ${await bearer(renew)}` });
    }
  }
}

export async function readHeaders({ secretHeaders }: HttpSettings, readSecret: ReadSecret): Promise<Record<string, string>> {
  const entries = Object.entries(secretHeaders).map(async ([name, from]) => [name, await readSecret(from, `header ${name}`)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

export function withLogin(ask: AskWeb, login: Login, secretHeaders: Readonly<Record<string, string>>): Get {
  return async ({ method, headers, body }, url, attempt) => {
    const send = async (renew: boolean) =>
      ask(
        {
          method,
          url,
          headers: {
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
            ...headers,
            ...secretHeaders,
            ...(await login(renew)),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        attempt,
      );
    return withRenewal(send);
  };
}
