import { ErrorForPeople } from "../provider/essentials/errors.ts";
import { isOrganisation, type BilledOrganisation, type FamilyMember } from "../provider/essentials/partner.ts";
import { listSome } from "../program/lists/listSome.ts";
import { doubles } from "../program/lists/doubles.ts";
import { noPackage, packageKey } from "./package.ts";

/** One organisation as Proofpoint counts it. */
export interface Counted {
  /** The service's own number for it, which stays when its name changes. */
  readonly eid: string;
  readonly name: string;
  readonly domain: string;
  /** As a key: `professional_plus`. */
  readonly package: string;
  /** What is billed: its active users. */
  readonly used: number;
  /** Licences bought; absent where the service does not say. */
  readonly bought?: number;
  /** Why its seats are not billed to a customer, where they are not. */
  readonly notBilled?: "trial" | "inactive" | "partner";
}

/** The two lists do not agree: half of one is no ground for a bill. */
export class CountError extends ErrorForPeople {}

/**
 * Both lists in one, by `eid`.
 * @throws CountError where one names an organisation that the other does not: then one of them is not whole
 */
export function toCounted(billing: readonly BilledOrganisation[], orgs: readonly FamilyMember[]): readonly Counted[] {
  if (orgs.length === 0)
    throw new CountError("Proofpoint lists no organisation at all, so none is counted. Check the login's organisation; run again.");
  const family = new Map(orgs.map((organisation) => [organisation.eid, organisation]));
  const billed = new Set(billing.map(({ eid }) => eid));
  const odd = [
    ...billing
      .filter(({ eid }) => !family.has(eid))
      .map(({ eid, name }) => `${name} (${eid}) is in /billing/…/orgs and not in /orgs/…/orgs`),
    ...orgs
      .filter(({ eid }) => !billed.has(eid))
      .map(({ eid, primary_domain }) => `${primary_domain} (${eid}) is in /orgs/…/orgs and not in /billing/…/orgs`),
    ...doubles(billing.map(({ eid }) => eid)).map((eid) => `${eid} is in /billing/…/orgs twice`),
    ...doubles(orgs.map(({ eid }) => eid)).map((eid) => `${eid} is in /orgs/…/orgs twice`),
  ];
  if (odd.length > 0)
    throw new CountError(
      `Proofpoint's two lists of organisations do not agree, so none is used: ${listSome(odd)}. Run again; if it stays, ask Proofpoint's support.`,
    );
  return billing
    .map(({ eid, name, licensing_package, active_users }): Counted => {
      const { primary_domain = "", user_licenses, ...flags } = family.get(eid) ?? {};
      const notBilled = whyNotBilled(flags);
      return {
        eid,
        name,
        domain: primary_domain.toLowerCase(),
        package: packageKey(licensing_package) || noPackage,
        used: active_users,
        ...(user_licenses !== undefined && { bought: user_licenses }),
        ...(notBilled && { notBilled }),
      };
    })
    .sort((a, b) => (a.domain < b.domain ? -1 : 1));
}

interface Flags {
  readonly type?: string;
  readonly is_active?: boolean;
  readonly is_on_trial?: boolean;
}

function whyNotBilled({ type, is_active, is_on_trial }: Flags): Counted["notBilled"] {
  if (!isOrganisation(type)) return "partner";
  if (is_active === false) return "inactive";
  return is_on_trial === true ? "trial" : undefined;
}
