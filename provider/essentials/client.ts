import type { z } from "zod";
import type { Connection } from "./connection.ts";
import { EssentialsError } from "./errors.ts";
import type { Send } from "./request.ts";
import { checkShape } from "./json.ts";
import { toUser, userListSchema, userSchema, type User, type UserObject } from "./schema.ts";

/** The calls this product makes, for one organisation. Each throws EssentialsError and nothing else. */
export interface Essentials {
  /** The administrator this client logs in as. */
  readonly login: string;
  /** Every user of the organisation, whatever its type. One request. `attempt` says what they are listed for. */
  listUsers(attempt?: string): Promise<readonly User[]>;
  /** The whole user object, for sending back. `attempt` says what it is read for. */
  getUser(email: string, attempt: string): Promise<UserObject>;
  /** Replaces the whole user object. */
  putUser(email: string, user: UserObject, attempt: string): Promise<void>;
}

export function createEssentials({ domain }: Pick<Connection, "domain">, login: string, send: Send): Essentials {
  const usersPath = `/orgs/${encodeURIComponent(domain)}/users`;
  const userPath = (email: string) => `${usersPath}/${encodeURIComponent(email)}`;
  const ifNotFound = "The account is gone or was renamed since the list was read. Run again: what is left is done then.";

  return {
    login,
    async listUsers(attempt = `list the users of ${domain}`) {
      const { users } = expectShape(userListSchema, await send({ method: "GET", path: usersPath, attempt }), attempt);
      return users.map(toUser);
    },
    async getUser(email, attempt) {
      return expectShape(userSchema, await send({ method: "GET", path: userPath(email), attempt, ifNotFound }), attempt);
    },
    async putUser(email, user, attempt) {
      await send({ method: "PUT", path: userPath(email), body: user, attempt, ifNotFound });
    },
  };
}

function expectShape<T>(schema: z.ZodType<T>, json: unknown, attempt: string): T {
  const checked = checkShape(schema, json);
  if ("value" in checked) return checked.value;
  throw new EssentialsError({
    code: "unexpected_response",
    attempt,
    cameBack: `the answer does not fit what is known of the API: ${checked.misfit}`,
    advice: "Report it with this line; a newer version may know the form.",
  });
}
