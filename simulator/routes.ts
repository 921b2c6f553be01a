import type { Handler } from "./answer.ts";
import * as azure from "./azure.ts";
import * as organisations from "./organisations.ts";
import * as users from "./users.ts";

interface Route {
  readonly method: string;
  /** Segments below /api/v1; `:domain` and `:email` are parameters. */
  readonly path: string;
  readonly answer: Handler;
  /** Needs Channel Admin or higher. */
  readonly partnersOnly?: boolean;
}

const forPartners = true;

/** Every endpoint there is. */
export const routes: readonly Route[] = [
  route("GET", "me", organisations.me),
  route("GET", "endpoints/:domain", organisations.endpoints),
  route("GET", "orgs/:domain", organisations.getOrganisation),
  route("GET", "orgs/:domain/orgs", organisations.listOrganisations, forPartners),
  route("GET", "orgs/:domain/users", users.listUsers),
  route("POST", "orgs/:domain/users", users.createUsers),
  route("GET", "orgs/:domain/users/:email", users.getUser),
  route("PUT", "orgs/:domain/users/:email", users.putUser),
  route("DELETE", "orgs/:domain/users/:email", users.deleteUser),
  route("GET", "orgs/:domain/licensing", organisations.getLicensing),
  route("PUT", "orgs/:domain/licensing", organisations.putLicensing),
  route("GET", "orgs/:domain/authentication/settings/login", organisations.getLoginSettings),
  route("GET", "billing/:domain", organisations.getBilling),
  route("GET", "billing/:domain/orgs", organisations.listBilling, forPartners),
  route("GET", "orgs/:domain/settings/azure", azure.getAzure),
  route("PUT", "orgs/:domain/settings/azure", azure.putAzure),
  route("DELETE", "orgs/:domain/settings/azure", azure.deleteAzure),
  route("GET", "orgs/:domain/settings/azure/exemptions", azure.listExemptions),
  route("PUT", "orgs/:domain/settings/azure/exemptions", azure.addExemptions),
  route("DELETE", "orgs/:domain/settings/azure/exemptions", azure.removeAllExemptions),
  route("DELETE", "orgs/:domain/settings/azure/exemptions/:email", azure.removeExemption),
];

function route(method: string, path: string, answer: Handler, partnersOnly = false): Route {
  return { method, path, answer, partnersOnly };
}
