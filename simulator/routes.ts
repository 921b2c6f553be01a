import type { Switches } from "./switches.ts";
import {
  findUser,
  isAdmin,
  isPartner,
  sameAddress,
  userTypes,
  withDefaults,
  type SimulatedLogin,
  type SimulatedOrganisation,
  type SimulatedUser,
  type World,
} from "./world.ts";

/** What a route answers: a status, and a body unless it is empty. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Call {
  readonly world: World;
  readonly login: SimulatedLogin;
  readonly switches: Switches;
  /** Path parameters, decoded. */
  readonly domain: string;
  readonly email: string;
  /** Parsed JSON, or the text where it is not JSON. */
  readonly body: unknown;
  readonly url: string;
}

interface Route {
  readonly method: string;
  /** Segments below /api/v1; `:domain` and `:email` are parameters. */
  readonly path: string;
  readonly answer: (call: Call, organisation: SimulatedOrganisation) => Answer;
  /** Needs Channel Admin or higher. */
  readonly partnersOnly?: true;
}

export function failure(status: number, message: string, identifier = ""): Answer {
  return { status, body: { errors: [{ status, error_message: message, identifier }] } };
}

const done: Answer = { status: 204 };
const ok = (body: unknown): Answer => ({ status: 200, body });

export const routes: readonly Route[] = [
  { method: "GET", path: "me", answer: me },
  {
    method: "GET",
    path: "endpoints/:domain",
    answer: ({ switches, url }) => ok({ endpoints: [switches.endpoints === "strings" ? url : { url }] }),
  },
  { method: "GET", path: "orgs/:domain", answer: (call, organisation) => ok(showOrganisation(call, organisation)) },
  {
    method: "GET",
    path: "orgs/:domain/orgs",
    partnersOnly: true,
    answer: (call, organisation) => ok({ orgs: call.world.family(organisation).map((each) => showOrganisation(call, each)) }),
  },
  { method: "GET", path: "orgs/:domain/users", answer: listUsers },
  { method: "POST", path: "orgs/:domain/users", answer: createUsers },
  {
    method: "GET",
    path: "orgs/:domain/users/:email",
    answer: (call, organisation) => withUser(call, organisation, (user) => ok(showUser(call, user))),
  },
  {
    method: "PUT",
    path: "orgs/:domain/users/:email",
    answer: (call, organisation) => withUser(call, organisation, (user) => putUser(call, organisation, user)),
  },
  {
    method: "DELETE",
    path: "orgs/:domain/users/:email",
    answer: (call, organisation) => withUser(call, organisation, (user) => remove(organisation.users, user)),
  },
  { method: "GET", path: "orgs/:domain/licensing", answer: (_call, organisation) => ok(showLicensing(organisation)) },
  { method: "PUT", path: "orgs/:domain/licensing", answer: putLicensing },
  { method: "GET", path: "billing/:domain", answer: (call, organisation) => ok(showBilling(call, organisation)) },
  {
    method: "GET",
    path: "billing/:domain/orgs",
    partnersOnly: true,
    answer: (call, organisation) => ok(call.world.family(organisation).map((each) => showBilling(call, each))),
  },
  {
    method: "GET",
    path: "orgs/:domain/settings/azure",
    answer: (_call, organisation) => (organisation.azure ? ok(organisation.azure) : failure(404, "Azure sync is not configured")),
  },
  {
    method: "PUT",
    path: "orgs/:domain/settings/azure",
    answer: (call, organisation) => ((organisation.azure = { ...organisation.azure, ...asObject(call.body) }), done),
  },
  { method: "DELETE", path: "orgs/:domain/settings/azure", answer: (_call, organisation) => ((organisation.azure = null), done) },
  {
    method: "GET",
    path: "orgs/:domain/settings/azure/exemptions",
    answer: (_call, organisation) => ok(organisation.exemptions.map((email) => ({ email }))),
  },
  { method: "PUT", path: "orgs/:domain/settings/azure/exemptions", answer: addExemptions },
  {
    method: "DELETE",
    path: "orgs/:domain/settings/azure/exemptions",
    answer: (_call, organisation) => ((organisation.exemptions = []), done),
  },
  { method: "DELETE", path: "orgs/:domain/settings/azure/exemptions/:email", answer: removeExemption },
];

function me({ login }: Call): Answer {
  const { user, type, read_only_user, domain } = login;
  return ok({
    primary_email: user,
    type,
    is_admin: isAdmin(type),
    is_partner_admin: isPartner(type),
    read_only_user,
    entity_type: isPartner(type) ? "channel" : "organization",
    entity_primary_domain: domain,
  });
}

function listUsers(call: Call, organisation: SimulatedOrganisation): Answer {
  const users = organisation.users.map((user) => showUser(call, user));
  return ok(call.switches.userList === "bare" ? users : { users });
}

function withUser({ email }: Call, organisation: SimulatedOrganisation, then: (user: SimulatedUser) => Answer): Answer {
  const user = findUser(organisation, email);
  return user ? then(user) : failure(404, "User not found", email);
}

function putUser(call: Call, organisation: SimulatedOrganisation, user: SimulatedUser): Answer {
  const body = storedNames(asObject(call.body));
  if (!body) return failure(400, "The body is not a user object", user.primary_email);
  const type = body["type"] ?? user.type;
  if (typeof type !== "string" || !userTypes.has(type)) return failure(422, "Invalid user type", user.primary_email);
  const email = body["primary_email"] ?? user.primary_email;
  if (typeof email !== "string") return failure(422, "Invalid primary_email", user.primary_email);
  const back = user.type === "functional_account" && type === "end_user";
  if (back && call.switches.backToEndUser === "refused")
    return failure(422, "A functional account can not be converted to a user", user.primary_email);
  if (back && call.switches.backToEndUser === "ignored") return done;
  if (back && call.switches.licenceCap === "on_create_and_convert" && seatsUsed(call, organisation) >= organisation.user_licenses) {
    return failure(403, "No licences left", user.primary_email);
  }
  const kept = call.switches.put === "merge" ? user : { uid: user["uid"], primary_email: user.primary_email, type: user.type };
  organisation.users[organisation.users.indexOf(user)] = {
    ...kept,
    ...body,
    primary_email: email,
    type,
  };
  return done;
}

function createUsers(call: Call, organisation: SimulatedOrganisation): Answer {
  const bodies = Array.isArray(call.body) ? (call.body as unknown[]) : [call.body];
  const created: unknown[] = [];
  const errors: unknown[] = [];
  for (const body of bodies) {
    const problem = createUser(call, organisation, storedNames(asObject(body)));
    if (problem) errors.push(...(problem.body as { errors: unknown[] }).errors);
    else created.push(showUser(call, organisation.users.at(-1) as SimulatedUser));
    if (problem && bodies.length === 1) return problem;
  }
  if (errors.length > 0) return { status: 207, body: { users: created, errors } };
  return { status: 201, body: Array.isArray(call.body) ? { users: created } : created[0] };
}

function createUser(call: Call, organisation: SimulatedOrganisation, body: Record<string, unknown> | undefined): Answer | undefined {
  const email = body?.["primary_email"];
  if (!body || typeof email !== "string") return failure(400, "primary_email is missing");
  const type = body["type"] ?? "end_user";
  if (typeof type !== "string" || !userTypes.has(type)) return failure(422, "Invalid user type", email);
  if (findUser(organisation, email)) return failure(409, "User exists already", email);
  if (type !== "functional_account" && seatsUsed(call, organisation) >= organisation.user_licenses)
    return failure(403, "No licences left", email);
  organisation.users.push(withDefaults({ ...body, primary_email: email, type }, 900_000 + organisation.users.length));
  return undefined;
}

function remove(users: SimulatedUser[], user: SimulatedUser): Answer {
  users.splice(users.indexOf(user), 1);
  return done;
}

function seatsUsed({ switches }: Call, organisation: SimulatedOrganisation): number {
  const free = new Set(["functional_account", ...(switches.silentUser === "is_free" ? ["silent_user"] : [])]);
  return organisation.users.filter(({ type }) => !free.has(type)).length;
}

function showOrganisation(
  call: Call,
  { users: _users, exemptions: _exemptions, azure: _azure, parent: _parent, ...organisation }: SimulatedOrganisation,
): unknown {
  const whole = call.world.organisation(organisation.primary_domain);
  return asText(call, {
    ...organisation,
    active_users: whole ? seatsUsed(call, whole) : 0,
    when_renewal: "2027/01/15",
    admin_user: { primary_email: call.world.logins[0]?.user },
  });
}

function showLicensing({ user_licenses, licensing_package, is_on_trial }: SimulatedOrganisation): unknown {
  return { license_count: user_licenses, package: licensing_package, is_on_trial, is_beginner_plus: false };
}

function putLicensing(call: Call, organisation: SimulatedOrganisation): Answer {
  const body = asObject(call.body);
  if (!body) return failure(400, "The body is not a licensing object");
  const { license_count: count, package: licensingPackage } = body;
  if (count !== undefined) organisation.user_licenses = Number(count);
  if (typeof licensingPackage === "string") organisation.licensing_package = licensingPackage;
  return done;
}

function showBilling(call: Call, organisation: SimulatedOrganisation): unknown {
  const { eid, name, licensing_package } = organisation;
  return asText(call, { eid, name, licensing_package, active_users: seatsUsed(call, organisation) });
}

function addExemptions({ body, switches }: Call, organisation: SimulatedOrganisation): Answer {
  const accepted: Record<string, unknown> = {
    text: typeof body === "string" ? body.split(",") : undefined,
    array: Array.isArray(body) ? body : undefined,
    object: asObject(body)?.["emails"],
  };
  const emails = Object.entries(accepted).find(
    ([form, value]) => value !== undefined && (switches.exemptionsBody === "any" || switches.exemptionsBody === form),
  )?.[1];
  const list = typeof emails === "string" ? emails.split(",") : emails;
  if (!Array.isArray(list)) return failure(400, "A list of comma separated emails is expected");
  for (const email of list.map((each) => String(each).trim()).filter(Boolean)) {
    if (!organisation.exemptions.some((each) => sameAddress(each, email))) organisation.exemptions.push(email);
  }
  return done;
}

function removeExemption({ email }: Call, organisation: SimulatedOrganisation): Answer {
  const at = organisation.exemptions.findIndex((each) => sameAddress(each, email));
  if (at < 0) return failure(404, "Exemption not found", email);
  organisation.exemptions.splice(at, 1);
  return done;
}

const olderNames: Readonly<Record<string, string>> = { safe_list_senders: "white_list_senders", block_list_senders: "black_list_senders" };

function showUser(call: Call, user: SimulatedUser): unknown {
  const named =
    call.switches.naming === "safe"
      ? user
      : Object.fromEntries(Object.entries(user).map(([field, value]) => [olderNames[field] ?? field, value]));
  return asText(call, named);
}

/** Both names of a field are the same field. */
function storedNames(body: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (!body) return undefined;
  const newer = new Map(Object.entries(olderNames).map(([name, older]) => [older, name]));
  return Object.fromEntries(Object.entries(body).map(([field, value]) => [newer.get(field) ?? field, value]));
}

function asText({ switches }: Call, object: Record<string, unknown>): unknown {
  if (switches.scalars === "json") return object;
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [
      field,
      typeof value === "boolean" || typeof value === "number" ? String(value) : value,
    ]),
  );
}

function asObject(body: unknown): Record<string, unknown> | undefined {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : undefined;
}
