import { ClockSkew } from "./clockSkew.ts";
import type { Connection } from "./connection.ts";
import { EssentialsError } from "./errors.ts";
import type { Send } from "./request.ts";
import { expectShape } from "./expectShape.ts";
import { azureSyncSchema, exemptionsBody, exemptionsSchema, type AzureSync, type ExemptionsForm } from "./azureSync.ts";
import { endpointsSchema, loginSchema, organisationSchema, type LoginFacts, type OrganisationFacts } from "./organisation.ts";
import { toUser, userListSchema, userSchema, type User, type UserObject } from "./schema.ts";

/** The calls this product makes, for one organisation. Each throws EssentialsError and nothing else. */
export interface Essentials {
  /** The administrator this client logs in as. */
  readonly login: string;
  /** Every user of the organisation, whatever its type. One request. `attempt` says what they are listed for. */
  listUsers(attempt?: string): Promise<readonly User[]>;
  /** The whole user object, for sending back. `attempt` says what it is read for. */
  getUser(email: string, attempt: string): Promise<UserObject>;
  /** The administrator this client logs in as, as the service sees it. */
  getLogin(): Promise<LoginFacts>;
  /** The organisation itself, asked for once. */
  getOrganisation(): Promise<OrganisationFacts>;
  /** Where the service says the organisation lives: addresses or names of stacks. */
  getEndpoints(): Promise<readonly string[]>;
  /** How far this machine's clock is ahead of the API's, in milliseconds; undefined before the first answer. */
  clockSkewMs(): number | undefined;
  /** Entra directory sync as the organisation has it, asked for once; undefined where it was never set up. */
  getAzureSync(): Promise<AzureSync | undefined>;
  /** Addresses that directory sync leaves alone. */
  listExemptions(attempt?: string): Promise<readonly string[]>;
  /** Adds exemptions; those that are there already do not matter. */
  addExemptions(emails: readonly string[], form: ExemptionsForm, attempt: string): Promise<void>;
  /** Removes one exemption. One that is gone already is no fault. */
  removeExemption(email: string, attempt: string): Promise<void>;
  /** Replaces the whole user object. */
  putUser(email: string, user: UserObject, attempt: string): Promise<void>;
}

export function createEssentials({ domain }: Pick<Connection, "domain">, login: string, send: Send, clock = new ClockSkew()): Essentials {
  const usersPath = `/orgs/${encodeURIComponent(domain)}/users`;
  const azurePath = `/orgs/${encodeURIComponent(domain)}/settings/azure`;
  const exemptionsPath = `${azurePath}/exemptions`;
  const userPath = (email: string) => `${usersPath}/${segment(email)}`;
  const ifNotFound = "The account is gone or was renamed since the list was read. Run again: what is left is done then.";

  async function getAzureSync(): Promise<AzureSync | undefined> {
    const attempt = `read the Azure sync settings of ${domain}`;
    const json = await ifFound(send({ method: "GET", path: azurePath, attempt }));
    return json === undefined ? undefined : expectShape(azureSyncSchema, json, attempt);
  }
  async function getOrganisation(): Promise<OrganisationFacts> {
    const attempt = `read the organisation ${domain}`;
    return expectShape(organisationSchema, await send({ method: "GET", path: `/orgs/${encodeURIComponent(domain)}`, attempt }), attempt);
  }
  let azureSync: Promise<AzureSync | undefined> | undefined;
  let organisation: Promise<OrganisationFacts> | undefined;

  return {
    login,
    async listUsers(attempt = `list the users of ${domain}`) {
      const { users } = expectShape(userListSchema, await send({ method: "GET", path: usersPath, attempt }), attempt);
      return users.map(toUser);
    },
    async getUser(email, attempt) {
      const json = await send({ method: "GET", path: userPath(email), attempt, ifNotFound });
      expectShape(userSchema, json, attempt);
      // The object itself, to be sent back as it came: the parsed copy has its fields in another order.
      return json as UserObject;
    },
    async getLogin() {
      const attempt = "ask who the login is";
      return expectShape(loginSchema, await send({ method: "GET", path: "/me", attempt }), attempt);
    },
    getOrganisation: () => (organisation ??= getOrganisation()),
    async getEndpoints() {
      const attempt = `ask where ${domain} lives`;
      return expectShape(
        endpointsSchema,
        await send({ method: "GET", path: `/endpoints/${encodeURIComponent(domain)}`, attempt }),
        attempt,
      );
    },
    clockSkewMs: () => clock.ms,
    getAzureSync: () => (azureSync ??= getAzureSync()),
    async listExemptions(attempt = `list the Azure sync exemptions of ${domain}`) {
      const json = await ifFound(send({ method: "GET", path: exemptionsPath, attempt }));
      return json === undefined ? [] : expectShape(exemptionsSchema, json, attempt).map(({ email }) => email);
    },
    async addExemptions(emails, form, attempt) {
      await send({ method: "PUT", path: exemptionsPath, body: exemptionsBody(emails, form), attempt });
    },
    async removeExemption(email, attempt) {
      await ifFound(send({ method: "DELETE", path: `${exemptionsPath}/${segment(email)}`, attempt }));
    },
    async putUser(email, user, attempt) {
      await send({ method: "PUT", path: userPath(email), body: user, attempt, ifNotFound });
    },
  };
}

/**
 * One part of a path. Nothing, `.` and `..` would make it another path: without a user, the DELETE of an exemption removes
 * every one there is.
 */
function segment(email: string): string {
  if (/^\s*\.{0,2}\s*$/.test(email)) throw new Error(`${JSON.stringify(email)} is no address.`);
  return encodeURIComponent(email);
}

/** Undefined instead of a 404: what was never set up is not there. An empty answer is none. */
async function ifFound(answer: Promise<unknown>): Promise<unknown> {
  try {
    return (await answer) ?? null;
  } catch (error) {
    if (error instanceof EssentialsError && error.code === "not_found") return undefined;
    throw error;
  }
}
