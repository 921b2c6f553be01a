import { connectPartner, isOrganisation, type Partner } from "../../provider/essentials/partner.ts";
import type { Fleet, Member } from "../../fleet/settings.ts";
import { ask } from "../../program/readiness/look.ts";
import { EssentialsError, onOneLine } from "../../provider/essentials/errors.ts";

/** Organisations one side has and the other has not. The exit status is 1 where there is any. */
export async function discover({ partners, members }: Fleet): Promise<number> {
  const asked = await Promise.all(
    Object.entries(partners).map(async ([name, connection]) => {
      const read = async () => {
        const partner = await connectPartner(connection, () => undefined);
        return { partner, organisations: await partner.listOrganisations() };
      };
      return { name, ...(await ask(read)) };
    }),
  );
  // One that cannot be asked says nothing about its organisations, and the others do.
  const failed = asked.flatMap((each) => ("failure" in each ? [each] : []));
  for (const { name, failure } of failed) console.error(onOneLine(`${name} could not be asked: ${failure}`));
  const connected = asked.flatMap((each) => ("value" in each ? [[each.name, each.value] as const] : []));
  const all = connected.flatMap(([name, { organisations }]) =>
    organisations
      .filter(({ type }) => isOrganisation(type))
      .map(({ primary_domain, is_active: isActive, is_on_trial: isOnTrial }) => {
        return { name, domain: primary_domain.toLowerCase(), isActive, isOnTrial };
      }),
  );
  const known = members.filter(({ partner }) => !failed.some(({ name }) => name === partner));
  const keyOf = (partner: string, domain: string) => `${partner}/${domain}`;
  const there = new Map(all.map((each) => [keyOf(each.name, each.domain), each]));
  const primary = await findPrimaryDomains(
    known.filter(({ partner, domain }) => !there.has(keyOf(partner, domain))),
    new Map(connected.map(([name, { partner }]) => [name, partner])),
  );
  const keyOfMember = ({ stack, partner, domain }: Member) => keyOf(partner, primary.get(stack) ?? domain);
  const here = new Set(members.map(keyOfMember));
  const live = all.filter(({ isActive }) => isActive);
  const missing = live.filter(({ name, domain }) => !here.has(keyOf(name, domain)));
  const gone = known.filter((member) => !there.has(keyOfMember(member)));
  const inactive = known.filter((member) => there.get(keyOfMember(member))?.isActive === false);
  for (const { name, domain, isOnTrial } of missing)
    console.log(onOneLine(`not in the file: ${domain} (${name}${isOnTrial ? ", on trial" : ""})`));
  for (const { stack, domain, partner } of inactive)
    console.log(onOneLine(`in the file, and switched off at its partner ${partner}: ${domain} (${stack})`));
  for (const { stack, domain, partner } of gone)
    console.log(onOneLine(`in the file, and not with its partner ${partner}: ${domain} (${stack})`));
  console.log(
    `${live.length} active organisations with the partners, ${members.length} in the file: ` +
      `${missing.length} missing, ${gone.length} gone, ${inactive.length} switched off` +
      `${failed.length > 0 ? `; ${failed.length} partners could not be asked` : ""}.`,
  );
  return missing.length + gone.length + inactive.length + failed.length > 0 ? 1 : 0;
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
