import { connectPartner, type Partner } from "../provider/essentials/partner.ts";
import { CountError, toCounted, type Counted } from "./counted.ts";
import { listSome } from "../program/lists/listSome.ts";
import { doubles } from "../program/lists/doubles.ts";
import type { SeatsSettings } from "./settings.ts";

/** A partner's login on one host. */
export interface ConnectedPartner {
  readonly apiUrl: string;
  readonly domain: string;
  readonly partner: Partner;
}

export async function connectPartners({ partners }: SeatsSettings): Promise<readonly ConnectedPartner[]> {
  return Promise.all(
    partners.map(async (connection) => ({
      apiUrl: connection.apiUrl,
      domain: connection.domain,
      partner: await connectPartner(connection, () => undefined),
    })),
  );
}

/** Every organisation of every partner, read whole: where one list fails, all do, and nothing rests on the others. */
export async function readCounts(partners: readonly ConnectedPartner[]): Promise<readonly Counted[]> {
  const lists = await Promise.all(
    partners.map(async ({ partner, apiUrl }) => {
      const [billing, family] = await Promise.all([partner.listBilling(), partner.listOrganisations()]);
      return toCounted(billing, family).map((counted) => ({ ...counted, eid: `${hostOf(apiUrl)}/${counted.eid}` }));
    }),
  );
  const all = lists.flat();
  const twice = doubles(all.map(({ eid }) => eid));
  if (twice.length > 0)
    throw new CountError(
      `More than one partner of the configuration lists ${listSome(twice)}, so nothing is counted. Name each organisation's partner once.`,
    );
  return all;
}

/** Numbers of organisations are each host's own: `us1/1042`. */
function hostOf(apiUrl: string): string {
  const { hostname } = new URL(apiUrl);
  return /^[\d.]+$/.test(hostname) ? hostname : (hostname.split(".")[0] ?? hostname);
}
