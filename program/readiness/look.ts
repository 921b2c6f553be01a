import type { AzureSync } from "../../provider/essentials/azureSync.ts";
import type { Essentials } from "../../provider/essentials/client.ts";
import { EssentialsError, isForPeople } from "../../provider/essentials/errors.ts";
import type { LoginFacts, OrganisationFacts } from "../../provider/essentials/organisation.ts";

/** Something that was asked for: what came, or why nothing did, and whether because the login is wrong. */
export type Asked<T> = { readonly value: T } | { readonly failure: string; readonly refused?: true };

/** What is asked of the organisation about itself. */
export interface Facts {
  readonly login: Asked<LoginFacts>;
  readonly organisation: Asked<OrganisationFacts>;
  /** Directory sync; undefined where it was never set up. */
  readonly sync: Asked<AzureSync | undefined>;
  /** How far this machine's clock is ahead of the API's, in milliseconds. */
  readonly clockSkewMs: number | undefined;
}

/** Three small requests, at the same time. A failure is a fact like any other. */
export async function look(essentials: Essentials): Promise<Facts> {
  const [login, organisation, sync] = await Promise.all([
    ask(() => essentials.getLogin()),
    ask(() => essentials.getOrganisation()),
    ask(() => essentials.getAzureSync()),
  ]);
  return { login, organisation, sync, clockSkewMs: essentials.clockSkewMs() };
}

/** What comes of it, or the sentence people are told where nothing does. Any other fault is a fault of this program. */
export async function ask<T>(work: () => T | Promise<T>): Promise<Asked<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (isForPeople(error))
      return { failure: error.message, ...(error instanceof EssentialsError && error.status === 401 && { refused: true }) };
    throw error;
  }
}
