import type { Essentials } from "../../provider/essentials/client.ts";
import { isForPeople } from "../../provider/essentials/errors.ts";
import type { LoginFacts, OrganisationFacts } from "../../provider/essentials/organisation.ts";

/** Something that was asked for: what came, or why nothing did. */
export type Asked<T> = { readonly value: T } | { readonly failure: string };

/** What is asked of the organisation about itself. */
export interface Facts {
  readonly login: Asked<LoginFacts>;
  readonly organisation: Asked<OrganisationFacts>;
  /** How far this machine's clock is ahead of the API's, in milliseconds. */
  readonly clockSkewMs: number | undefined;
}

/** Two small requests, at the same time. A failure is a fact like any other. */
export async function look(essentials: Essentials): Promise<Facts> {
  const [login, organisation] = await Promise.all([ask(essentials.getLogin()), ask(essentials.getOrganisation())]);
  return { login, organisation, clockSkewMs: essentials.clockSkewMs() };
}

export async function ask<T>(answer: Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await answer };
  } catch (error) {
    if (isForPeople(error)) return { failure: error.message };
    throw error;
  }
}
