import { asObject, asText, done, failure, ok, type Answer, type Call, type Handler } from "./answer.ts";
import { seatsUsed } from "./organisations.ts";
import { findUser, userTypes, withDefaults, type SimulatedOrganisation, type SimulatedUser } from "./world.ts";

export function listUsers(call: Call, organisation: SimulatedOrganisation): Answer {
  const users = organisation.users.map((user) => showUser(call, user));
  return ok(call.switches.userList === "bare" ? users : { users });
}

/** A handler for one user; 404 where there is no such user. */
function forUser(answer: (call: Call, organisation: SimulatedOrganisation, user: SimulatedUser) => Answer): Handler {
  return (call, organisation) => {
    const user = findUser(organisation, call.email);
    return user ? answer(call, organisation, user) : failure(404, "User not found", call.email);
  };
}

export const getUser = forUser((call, _organisation, user) => ok(showUser(call, user)));

export const deleteUser = forUser((_call, { users }, user) => {
  users.splice(users.indexOf(user), 1);
  return done;
});

export const putUser = forUser((call, organisation, user) => {
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
});

export function createUsers(call: Call, organisation: SimulatedOrganisation): Answer {
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
