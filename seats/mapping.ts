import { z } from "zod";
import { parseYaml } from "../program/files/parseYaml.ts";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import type { Counted } from "./counted.ts";
import { doubles } from "../program/lists/doubles.ts";
import { packageKey, packageLabel } from "./package.ts";

const text = z.string("must be text").trim().min(1, "must not be empty");
/** As it is written there: blanks are part of it. */
const id = z.string("must be text").refine((value) => value.trim() !== "", "must not be empty");
const list = <T extends z.ZodType>(entry: T) =>
  z.preprocess((given) => (["", "~", "null"].includes(given as string) ? [] : given), z.array(entry, "must be a list")).default([]);

/** Who is whom (`seats/mapping.yaml`): edited by people, kept in git. */
export const mappingSchema = z.strictObject({
  /** An organisation has one account; an account may have several organisations, whose seats are added up. */
  accounts: list(z.strictObject({ organisation: text, eid: id, account: id, name: text.optional() })),
  services: list(z.strictObject({ package: text.transform(packageKey), service: id, name: text.optional() })),
  /** Organisations nobody is billed for by this. */
  excluded: list(z.strictObject({ organisation: text, eid: id, reason: text })),
});
export type Mapping = Readonly<z.infer<typeof mappingSchema>>;

/** The mapping cannot be used as it is. */
export class MappingError extends ErrorForPeople {}

/** @param path for the error @throws MappingError with everything that is wrong at once */
export function parseMapping(content: string, path: string): Mapping {
  const fault = (message: string) => new MappingError(message);
  const mapping = parseYaml({ content, path, schema: mappingSchema, asText: true, fault });
  const { accounts, services, excluded } = mapping;
  const problems = [
    ...doubles([...accounts, ...excluded].map(({ eid }) => eid)).map((eid) => `the organisation ${eid} stands there twice`),
    ...doubles(services.map((each) => each.package)).map((name) => `the package ${packageLabel(name)} stands there twice`),
    ...doubles(services.map(({ service }) => service)).map((service) => `two packages have the service ${service}`),
  ];
  if (problems.length > 0) throw new MappingError(`${path} is not right: ${problems.join("; ")}.`);
  return mapping;
}

export interface Unmapped {
  readonly organisations: readonly Counted[];
  readonly packages: readonly string[];
}

/** Of those that are to be billed, who and what has nothing on the other side yet. */
export function findUnmapped(counted: readonly Counted[], { accounts, services, excluded }: Mapping): Unmapped {
  const known = new Set([...accounts, ...excluded].map(({ eid }) => eid));
  const left = new Set(excluded.map(({ eid }) => eid));
  const mapped = new Set(services.map((each) => each.package));
  const billed = counted.filter(({ eid, notBilled }) => notBilled === undefined && !left.has(eid));
  return {
    organisations: billed.filter(({ eid }) => !known.has(eid)),
    packages: [...new Set(billed.map((each) => each.package))].filter((name) => !mapped.has(name)).sort(),
  };
}

export interface OtherSide {
  readonly accounts: ReadonlySet<string>;
  /** An account whose ID is that of its organisation is made with the next push. */
  readonly takesAccounts: boolean;
  readonly services: ReadonlySet<string>;
}

/** Entries about what is no longer there, on either side. */
export function findDangling({ accounts, services, excluded }: Mapping, counted: readonly Counted[], other: OtherSide): readonly string[] {
  const live = new Set(counted.map(({ eid }) => eid));
  const domains = new Map(counted.map(({ eid, domain }) => [eid, domain]));
  return [
    ...[...accounts, ...excluded]
      .filter(({ eid, organisation }) => live.has(eid) && domains.get(eid) !== organisation.toLowerCase())
      .map(({ organisation, eid }) => `${eid} stands there for ${organisation}, and is ${domains.get(eid)} now: correct the line.`),
    ...[...accounts, ...excluded]
      .filter(({ eid }) => !live.has(eid))
      .map(({ organisation, eid }) => `${organisation} (${eid}) is no organisation of Proofpoint any more: take the line out.`),
    ...accounts
      .filter(({ account, eid }) => !other.accounts.has(account) && !(other.takesAccounts && account === eid))
      .map(({ organisation, account }) => `The account ${account} of ${organisation} is not on the billing side: correct the line.`),
    ...services
      .filter(({ service }) => !other.services.has(service))
      .map((each) => `The service ${each.service} for ${packageLabel(each.package)} is not on the billing side: correct the line.`),
  ];
}
