import { connectPartner, isOrganisation, type Partner } from "../../provider/essentials/partner.ts";
import type { Fleet, Member } from "../../fleet/settings.ts";
import { EssentialsError, onOneLine } from "../../provider/essentials/errors.ts";

/** Organisations one side has and the other has not. The exit status is 1 where there is any. */
export async function discover({ partners, members }: Fleet): Promise<number> {
  const connected = await Promise.all(
    Object.entries(partners).map(async ([name, connection]) => [name, await connectPartner(connection, () => undefined)] as const),
  );
  const found = await Promise.all(
    connected.map(async ([name, partner]) => {
      const organisations = await partner.listOrganisations();
      return organisations
        .filter(({ type, is_active }) => isOrganisation(type) && is_active)
        .map(({ primary_domain, is_on_trial }) => ({ name, domain: primary_domain.toLowerCase(), trial: is_on_trial }));
    }),
  );
  const live = found.flat();
  const keyOf = (partner: string, domain: string) => `${partner}/${domain}`;
  const there = new Set(live.map(({ name, domain }) => keyOf(name, domain)));
  const primary = await findPrimaryDomains(
    members.filter(({ partner, domain }) => !there.has(keyOf(partner, domain))),
    new Map(connected),
  );
  const keyOfMember = ({ stack, partner, domain }: Member) => keyOf(partner, primary.get(stack) ?? domain);
  const here = new Set(members.map(keyOfMember));
  const missing = live.filter(({ name, domain }) => !here.has(keyOf(name, domain)));
  const gone = members.filter((member) => !there.has(keyOfMember(member)));
  for (const { name, domain, trial } of missing) console.log(onOneLine(`not in the file: ${domain} (${name}${trial ? ", on trial" : ""})`));
  for (const { stack, domain, partner } of gone)
    console.log(onOneLine(`in the file, and not with its partner ${partner}: ${domain} (${stack})`));
  console.log(
    `${live.length} organisations with the partners, ${members.length} in the file: ${missing.length} missing, ${gone.length} gone.`,
  );
  return missing.length + gone.length > 0 ? 1 : 0;
}

/** Partners list primary domains; the file may have any other. @returns by stack */
async function findPrimaryDomains(
  members: readonly Member[],
  partners: ReadonlyMap<string, Partner>,
): Promise<ReadonlyMap<string, string>> {
  const asked = await Promise.all(
    members.map(async ({ stack, domain, partner }) => {
      const organisation = await partners
        .get(partner)
        ?.getOrganisation(domain)
        .catch((error: unknown) => {
          // Not there, or not below this login: both are gone for this partner.
          if (error instanceof EssentialsError && (error.code === "not_found" || error.code === "auth")) return undefined;
          throw error;
        });
      const [first] = organisation?.domains ?? [];
      return first === undefined ? [] : [[stack, first] as const];
    }),
  );
  return new Map(asked.flat());
}
