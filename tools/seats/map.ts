import { listSome } from "../../program/lists/listSome.ts";
import { onOneLine } from "../../provider/essentials/errors.ts";
import type { BillingSide, Service } from "../../seats/billingSide.ts";
import { findDangling, findUnmapped, type Mapping } from "../../seats/mapping.ts";
import { packageLabel } from "../../seats/package.ts";
import { findServices, propose, type Proposal } from "../../seats/propose.ts";
import { readBothSides, type SeatsContext } from "./context.ts";
import { findLeftOut, otherSide } from "./reconcileAll.ts";
import { label, nameOf } from "./describe.ts";
import { writeMapping } from "./writeMapping.ts";

/** Who is whom. The exit status is 1 while somebody is left. @param write adds the exact ones to the mapping */
export async function map(context: SeatsContext, write: boolean): Promise<number> {
  const { mapping, mappingPath } = context;
  const { counted, billing } = await readBothSides(context);
  // Synthesize takes accounts from here; an export of a billing system does not.
  const takesNew = billing.target !== undefined;
  const unmapped = findUnmapped(counted, mapping);
  const taken = new Set(mapping.accounts.map(({ account }) => account));
  const proposals = propose(unmapped.organisations, billing.accounts, { counted, taken });
  const packages = unmapped.packages.map((name) => ({ name, services: findServices(billing.services, name) }));

  const accounts = [...mapping.accounts, ...proposals.flatMap((proposal) => toAccount(proposal, takesNew))];
  const services = [...mapping.services, ...packages.flatMap(toService)];
  const added = accounts.length + services.length - mapping.accounts.length - mapping.services.length;
  const left = proposals.length + packages.length - (write ? added : 0);
  const dangling = findDangling(mapping, counted, otherSide(billing));
  const lines = [
    ...proposals.map((proposal) => tellOrganisation(proposal, takesNew)),
    ...packages.map(({ name, services: found }) => `package ${packageLabel(name)} ${tellServices(found)}`),
    ...dangling,
    ...findOrphans(billing, { accounts, services }),
  ];
  for (const line of lines) console.log(onOneLine(line));
  const hint = takesNew && packages.length > 0 ? " npm run seats -- push --create-services makes services that are missing." : "";
  if (write && added > 0)
    await writeMapping(context, {
      accounts: accounts.slice(mapping.accounts.length),
      services: services.slice(mapping.services.length),
    });
  console.log(
    `${mapping.accounts.length + mapping.services.length} mapped, ${mapping.excluded.length} excluded, ${added} ${write ? "added now" : "the same on both sides (--write adds them)"}, ` +
      `${left} left${dangling.length > 0 ? `, ${dangling.length} to be corrected` : ""} in ${mappingPath}.`,
  );
  if (write && left > 0)
    console.log(`Whoever is left needs a line there: under accounts or services, or under excluded with a reason.${hint}`);
  return left > 0 || dangling.length > 0 ? 1 : 0;
}

function tellOrganisation({ organisation, exact, near }: Proposal, takesNew: boolean): string {
  const { name, domain, eid } = organisation;
  const likely = near.map(({ account, score }) => `${label(account)} ${Math.round(score * 100)} %`).join(", ");
  const match = exact ? `= ${label(exact)}` : likely ? `? ${likely}` : takesNew ? "+ a new account" : "? nobody like it";
  return `${name}, ${domain} (${eid}) ${match}`;
}

function tellServices(services: readonly Service[]): string {
  const names = services.map(label).join(", ");
  if (services.length === 1) return `= ${names}`;
  return services.length === 0 ? "? no service of that name" : `? more than one of that name: ${names}`;
}

/** A new account has the ID of its organisation; where there is one like it, a person decides. */
function toAccount({ organisation, exact, near }: Proposal, takesNew: boolean): Mapping["accounts"] {
  const { domain, eid, name } = organisation;
  // The mapping could not say whose it is.
  if (domain === "") return [];
  const entry = (account: string, called: string) => [{ organisation: domain, eid, account, ...named(called) }];
  if (exact) return entry(exact.id, exact.name);
  return takesNew && near.length === 0 ? entry(eid, name) : [];
}

function toService({ name, services }: { readonly name: string; readonly services: readonly Service[] }): Mapping["services"] {
  const [only] = services;
  return only && services.length === 1 ? [{ package: name, service: only.id, ...named(only.name) }] : [];
}

/** Not everything has a name. */
function named(name: string): { readonly name?: string } {
  return name.trim() === "" ? {} : { name };
}

/** What the billing side has and nobody is mapped to: a customer who left, or who is to be mapped; services of others. */
function findOrphans(billing: BillingSide, known: Pick<Mapping, "accounts" | "services">): readonly string[] {
  const { accounts, services, billed } = billing;
  const mapped = new Set(known.accounts.map(({ account }) => account));
  const ours = new Set(known.services.map(({ service }) => service));
  const nobodys = billed.filter(({ account, service, seats }) => seats > 0 && ours.has(service) && !mapped.has(account));
  const others = services.filter(({ id }) => !ours.has(id)).map(({ name }) => name);
  return [
    ...findLeftOut(billing, known.services),
    ...nobodys.map(({ account, service, seats }) => {
      return `billed, and no organisation is mapped to it: ${nameOf(accounts, account)}, ${nameOf(services, service)}: ${seats}`;
    }),
    ...(others.length > 0 ? [`services that stand for no package, left out: ${listSome(others)}`] : []),
  ];
}
