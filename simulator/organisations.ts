import { asObject, asText, done, failure, ok, type Answer, type Call } from "./answer.ts";
import { isAdmin, isPartner, type SimulatedOrganisation } from "./world.ts";

export function me({ login }: Call): Answer {
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

export function endpoints({ switches, url }: Call): Answer {
  return ok({ endpoints: [switches.endpoints === "strings" ? url : { url }] });
}

export function getOrganisation(call: Call, organisation: SimulatedOrganisation): Answer {
  return ok(showOrganisation(call, organisation));
}

export function listOrganisations(call: Call, organisation: SimulatedOrganisation): Answer {
  return ok({ orgs: call.world.family(organisation).map((each) => showOrganisation(call, each)) });
}

export function getLicensing(_call: Call, { user_licenses, licensing_package, is_on_trial }: SimulatedOrganisation): Answer {
  return ok({ license_count: user_licenses, package: licensing_package, is_on_trial, is_beginner_plus: false });
}

export function putLicensing(call: Call, organisation: SimulatedOrganisation): Answer {
  const body = asObject(call.body);
  if (!body) return failure(400, "The body is not a licensing object");
  const { license_count: count, package: licensingPackage } = body;
  if (count !== undefined) organisation.user_licenses = Number(count);
  if (typeof licensingPackage === "string") organisation.licensing_package = licensingPackage;
  return done;
}

export function getLoginSettings(call: Call): Answer {
  return ok(asText(call, { allow_local_login: call.switches.localLogin === "allowed" }));
}

export function getBilling(call: Call, organisation: SimulatedOrganisation): Answer {
  return ok(showBilling(call, organisation));
}

export function listBilling(call: Call, organisation: SimulatedOrganisation): Answer {
  return ok(call.world.family(organisation).map((each) => showBilling(call, each)));
}

export function seatsUsed({ switches }: Call, organisation: SimulatedOrganisation): number {
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

function showBilling(call: Call, organisation: SimulatedOrganisation): unknown {
  const { eid, name, licensing_package } = organisation;
  return asText(call, { eid, name, licensing_package, active_users: seatsUsed(call, organisation) });
}
