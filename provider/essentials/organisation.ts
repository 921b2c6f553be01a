import { z } from "zod";

/** In each form the API writes them; anything else is none, because it decides who may do what and who is billed. */
export const flag = z
  .union([z.boolean(), z.number(), z.string()])
  .transform((value) => String(value).toLowerCase())
  .pipe(z.enum(["true", "1", "yes", "false", "0", "no"]))
  .transform((value) => ["true", "1", "yes"].includes(value));
/** Numbers may be text. */
const count = z.preprocess(
  (value) => (value === null || value === undefined || value === "" ? undefined : Number(value)),
  z.number().optional(),
);

/** A day as 2027-01-15 or 2027/01/15, whatever follows it; anything else counts as nothing. */
const day = z
  .unknown()
  .transform((value) => /^(\d{4})[-/](\d{2})[-/](\d{2})/.exec(typeof value === "string" ? value : ""))
  .transform((parts) => (parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : undefined))
  .optional();

/** The logged-in administrator. Source: `GET /me` as clients have seen it; every field may be missing. */
export const loginSchema = z
  .looseObject({
    type: z.string().nullish(),
    read_only_user: flag.nullish().catch(undefined),
    entity_primary_domain: z.string().nullish(),
  })
  .transform(({ type, read_only_user, entity_primary_domain }) => ({
    type: type ?? "",
    /** Absent where the API does not say, or says something else. */
    ...(typeof read_only_user === "boolean" && { readOnly: read_only_user }),
    /** The primary domain of the organisation it belongs to; empty where the API does not say. */
    domain: entity_primary_domain ?? "",
  }));
export type LoginFacts = z.infer<typeof loginSchema>;

/** The organisation. Source: `GET /orgs/{domain}`. */
export const organisationSchema = z
  .looseObject({
    primary_domain: z.string(),
    name: z.string().nullish(),
    domains: z.array(z.unknown()).nullish(),
    licensing_package: z.string().nullish(),
    user_licenses: count,
    active_users: count,
    when_renewal: day,
  })
  .transform(({ primary_domain, name, domains, licensing_package, user_licenses, active_users, when_renewal: renewal }) => ({
    name: name ?? primary_domain,
    domains: [primary_domain, ...(domains ?? []).filter((domain) => typeof domain === "string")].map((domain) => domain.toLowerCase()),
    package: licensing_package ?? "",
    /** Licences bought and used; absent where the API does not say. */
    ...(user_licenses !== undefined && { licences: user_licenses }),
    ...(active_users !== undefined && { used: active_users }),
    /** The day bought licences are renewed, where the API says so. */
    ...(renewal !== undefined && { renewal }),
  }));
export type OrganisationFacts = z.infer<typeof organisationSchema>;

/** The stacks an organisation lives on. The type of the elements is documented nowhere: their text is what counts. */
export const endpointsSchema = z.object({ endpoints: z.array(z.unknown()) }).transform(({ endpoints }) => endpoints.map(textsIn).flat());

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
