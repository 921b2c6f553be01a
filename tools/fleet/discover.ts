import { connectPartner } from "../../provider/essentials/partner.ts";
import type { Fleet } from "../../fleet/settings.ts";
import { onOneLine } from "../../provider/essentials/errors.ts";

/** Organisations one side has and the other has not. The exit status is 1 where there is any. */
export async function discover({ partners, members }: Fleet): Promise<number> {
  const found = await Promise.all(
    Object.entries(partners).map(async ([name, connection]) => {
      const partner = await connectPartner(connection, () => undefined);
      const organisations = await partner.listOrganisations();
      return organisations
        .filter(({ type, is_active }) => type === "organization" && is_active)
        .map(({ primary_domain, is_on_trial }) => ({ name, domain: primary_domain.toLowerCase(), trial: is_on_trial }));
    }),
  );
  const live = found.flat();
  const [here, there] = [new Set(members.map(({ domain }) => domain)), new Set(live.map(({ domain }) => domain))];
  const missing = live.filter(({ domain }) => !here.has(domain));
  const gone = members.filter(({ domain }) => !there.has(domain));
  for (const { name, domain, trial } of missing) console.log(onOneLine(`not in the file: ${domain} (${name}${trial ? ", on trial" : ""})`));
  for (const { stack, domain } of gone) console.log(onOneLine(`in the file, and with no partner: ${domain} (${stack})`));
  console.log(
    `${live.length} organisations with the partners, ${members.length} in the file: ${missing.length} missing, ${gone.length} gone.`,
  );
  return missing.length + gone.length > 0 ? 1 : 0;
}
