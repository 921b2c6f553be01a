import { onOneLine } from "../../provider/essentials/errors.ts";
import { findDangling, findUnmapped, type Mapping } from "../../seats/mapping.ts";
import type { BillingSide } from "../../seats/billingSide.ts";
import { packageKey, packageLabel } from "../../seats/package.ts";
import { propose } from "../../seats/propose.ts";
import { nameOf } from "./describe.ts";
import { writeMapping } from "./writeMapping.ts";
import { otherSide, readBothSides, type SeatsContext } from "./context.ts";

/** Who is whom. The exit status is 1 while somebody is left. @param write adds the exact ones to the mapping */
export async function map(context: SeatsContext, write: boolean): Promise<number> {
  const { mapping, mappingPath } = context;
  const { counted, billing } = await readBothSides(context);
  const { organisations, packages } = findUnmapped(counted, mapping);
  const taken = new Set(mapping.accounts.map(({ account }) => account));
  const proposals = propose(organisations, billing.accounts, { counted, taken });
  const services = packages.map((name) => ({
    package: name,
    service: billing.services.find((service) => packageKey(service.name) === name),
  }));
  const lines: string[] = [];
  // Synthesize takes accounts from here; an export of a billing system does not.
  const isNew = billing.target !== undefined;
  for (const { organisation, exact, near } of proposals) {
    const likely = near.map(({ account, score }) => `${account.name} (${account.id}) ${Math.round(score * 100)} %`);
    const match = exact
      ? `= ${exact.name} (${exact.id})`
      : likely.length > 0
        ? `? ${likely.join(", ")}`
        : isNew
          ? "+ a new account"
          : "? nobody like it";
    lines.push(`${organisation.name}, ${organisation.domain} (${organisation.eid}) ${match}`);
  }
  for (const { package: name, service } of services)
    lines.push(`package ${packageLabel(name)} ${service ? `= ${service.name} (${service.id})` : "? no service of that name"}`);
  const dangling = findDangling(mapping, counted, otherSide(billing));
  const found: Pick<Mapping, "accounts" | "services"> = {
    accounts: [
      ...proposals.flatMap(({ organisation: { domain, eid, name }, exact, near }) => {
        if (exact) return [{ organisation: domain, eid, account: exact.id, name: exact.name }];
        return isNew && near.length === 0 ? [{ organisation: domain, eid, account: eid, name }] : [];
      }),
    ],
    services: [
      ...services.flatMap((each) => (each.service ? [{ package: each.package, service: each.service.id, name: each.service.name }] : [])),
    ],
  };
  const added = found.accounts.length + found.services.length;
  const left = lines.length - (write ? added : 0);
  const orphans = findOrphans(billing, {
    accounts: [...mapping.accounts, ...found.accounts],
    services: [...mapping.services, ...found.services],
  });
  for (const line of [...lines, ...dangling, ...orphans]) console.log(onOneLine(line));
  if (write && added > 0) await writeMapping(context, found);
  console.log(
    `${mapping.accounts.length + mapping.services.length} mapped, ${mapping.excluded.length} excluded, ${added} ${write ? "added now" : "the same on both sides (--write adds them)"}, ${left} left in ${mappingPath}.`,
  );
  return left > 0 || dangling.length > 0 ? 1 : 0;
}

/** Who is billed for one of our services and is no organisation of Proofpoint: somebody who left, or who is to be mapped. */
function findOrphans({ accounts, services, billed }: BillingSide, known: Pick<Mapping, "accounts" | "services">): readonly string[] {
  const mapped = new Set(known.accounts.map(({ account }) => account));
  const ours = new Set(known.services.map(({ service }) => service));
  return billed
    .filter(({ account, service, seats }) => seats > 0 && ours.has(service) && !mapped.has(account))
    .map(({ account, service, seats }) => {
      return `billed, and no organisation is mapped to it: ${nameOf(accounts, account)}, ${nameOf(services, service)}: ${seats}`;
    });
}
