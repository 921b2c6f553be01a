import { asObject, done, failure, ok, type Answer, type Call } from "./answer.ts";
import { sameAddress, type SimulatedOrganisation } from "./world.ts";

export function getAzure(_call: Call, { azure }: SimulatedOrganisation): Answer {
  return azure ? ok(azure) : failure(404, "Azure sync is not configured");
}

export function putAzure({ body }: Call, organisation: SimulatedOrganisation): Answer {
  organisation.azure = { ...organisation.azure, ...asObject(body) };
  return done;
}

export function deleteAzure(_call: Call, organisation: SimulatedOrganisation): Answer {
  organisation.azure = null;
  return done;
}

export function listExemptions(_call: Call, { exemptions }: SimulatedOrganisation): Answer {
  return ok(exemptions.map((email) => ({ email })));
}

export function addExemptions({ body, switches }: Call, organisation: SimulatedOrganisation): Answer {
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

export function removeExemption({ email }: Call, organisation: SimulatedOrganisation): Answer {
  const at = organisation.exemptions.findIndex((each) => sameAddress(each, email));
  if (at < 0) return failure(404, "Exemption not found", email);
  organisation.exemptions.splice(at, 1);
  return done;
}

/** Without a user, DELETE removes all of them. */
export function removeAllExemptions(_call: Call, organisation: SimulatedOrganisation): Answer {
  organisation.exemptions = [];
  return done;
}
