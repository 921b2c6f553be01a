import { listSome } from "../../program/lists/listSome.ts";
import { dayIn } from "../../program/hr/date.ts";
import { BillingError, type BillingSide } from "../../seats/billingSide.ts";
import { findDangling, findUnmapped, MappingError, type OtherSide } from "../../seats/mapping.ts";
import { isPackage, noPackage, packageLabel } from "../../seats/package.ts";
import { reconcile, type Reconciliation } from "../../seats/reconcile.ts";
import type { BothSides, SeatsContext } from "./context.ts";

export function otherSide({ accounts, services, target }: BillingSide): OtherSide {
  const ids = (of: readonly { readonly id: string }[]) => new Set(of.map(({ id }) => id));
  return { accounts: ids(accounts), services: ids(services), takesAccounts: target !== undefined };
}

/** @throws MappingError while somebody is neither mapped nor excluded with a reason */
export function reconcileAll({ settings, mapping, mappingPath }: SeatsContext, { counted, billing }: BothSides): Reconciliation {
  const { organisations, packages } = findUnmapped(counted, mapping);
  if (organisations.length + packages.length > 0) {
    const names = [
      ...organisations.map(({ domain, eid }) => `${domain} (${eid})`),
      ...packages.map((name) => (name === noPackage ? "organisations without a package" : `the package ${packageLabel(name)}`)),
    ];
    throw new MappingError(
      `${names.length} have nothing on the billing side: ${listSome(names)}. ` +
        `Map them (npm run seats -- map), or exclude them in ${mappingPath} with a reason. Nothing was reconciled.`,
    );
  }
  const dangling = findDangling(mapping, counted, otherSide(billing));
  if (dangling.length > 0)
    throw new MappingError([`${mappingPath} is about what is not there; nothing was reconciled.`, ...some(dangling)].join("\n"));
  // An export has lines of everything that is sold; those of services nobody mapped are none of ours.
  const ours = new Set(mapping.services.map(({ service }) => service));
  const unread = (billing.unread ?? []).filter(({ service }) => ours.has(service)).map(({ problem }) => problem);
  if (unread.length > 0) throw new BillingError(["The export cannot be used; nothing was reconciled.", ...some(unread)].join("\n"));
  const billed = billing.target ? billing.billed : billing.billed.filter(({ service }) => ours.has(service));
  return reconcile(counted, mapping, { ...billing, billed }, { prices: settings.price, today: dayIn(settings.timeZone, new Date()) });
}

/** Services of the billing side that bear the name of a package and that nobody is mapped to: what is billed for them. */
export function findLeftOut({ target, services, billed }: BillingSide, mapped: readonly { readonly service: string }[]): readonly string[] {
  if (target) return [];
  const ours = new Set(mapped.map(({ service }) => service));
  return services
    .filter(({ id, name }) => isPackage(name) && !ours.has(id))
    .map(({ id, name }) => ({ name, lines: billed.filter(({ service, seats }) => service === id && seats > 0) }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ name, lines }) => {
      const seats = lines.reduce((all, line) => all + line.seats, 0);
      return `left out: ${lines.length} lines of ${name}, ${seats} seats, because no package is mapped to it. If they are Proofpoint's, add it under services.`;
    });
}

/** The first ones, a line each, and how many more there are. */
function some(lines: readonly string[], most = 10): readonly string[] {
  const rest = lines.length - most;
  return [...lines.slice(0, most).map((line) => `  ${line}`), ...(rest > 0 ? [`  and ${rest} more`] : [])];
}
