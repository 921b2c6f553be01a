import { z } from "zod";
import { ClockSkew } from "./clockSkew.ts";
import type { ReadConfig } from "./config.ts";
import type { Connection } from "./connection.ts";
import { readLogin } from "./credentials.ts";
import { expectShape } from "./expectShape.ts";
import { createFunnel, realTime } from "./funnel.ts";
import { flag, loginSchema, organisationSchema, type LoginFacts, type OrganisationFacts } from "./organisation.ts";
import type { Send } from "./request.ts";

const text = z.union([z.string(), z.number()]).transform(String);
const whole = z.preprocess((value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value), z.number().int().min(0));

/** What is billed for an organisation. Source: `GET /billing/{domain}/orgs`, a bare array. */
export const billingSchema = z.array(
  z.looseObject({
    eid: text,
    name: z.string(),
    licensing_package: z
      .string()
      .nullish()
      .transform((name) => name ?? ""),
    active_users: whole,
  }),
);
export type BilledOrganisation = z.infer<typeof billingSchema>[number];

/** A partner and the organisations below it. Source: `GET /orgs/{domain}/orgs`. */
export const familySchema = z
  .looseObject({
    orgs: z.array(
      z.looseObject({
        eid: text,
        primary_domain: z.string(),
        type: z.string().default("organization"),
        is_active: flag.default(true),
        is_on_trial: flag.default(false),
        user_licenses: whole.nullish().transform((count) => count ?? undefined),
      }),
    ),
  })
  .transform(({ orgs }) => orgs);
export type FamilyMember = z.infer<typeof familySchema>[number];

/** Whether it is a customer, and no partner of any kind. */
export function isOrganisation(type: string | undefined): boolean {
  return type?.toLowerCase() === "organization";
}

/** How people may log in. Source: `GET /orgs/{domain}/authentication/settings/login`. */
const loginSettingsSchema = z.looseObject({ allow_local_login: flag.optional() });

/** The calls that need a partner's login. Each throws EssentialsError and nothing else. */
export interface Partner {
  /** The address it logs in with. */
  readonly login: string;
  getLogin(): Promise<LoginFacts>;
  /** Whether a password alone logs in; undefined where the service does not say. */
  allowsLocalLogin(): Promise<boolean | undefined>;
  listBilling(): Promise<readonly BilledOrganisation[]>;
  listOrganisations(): Promise<readonly FamilyMember[]>;
  /** An organisation by any of its domains. */
  getOrganisation(domain: string): Promise<OrganisationFacts>;
}

export async function connectPartner(connection: Connection, read: ReadConfig): Promise<Partner> {
  const login = await readLogin(connection.credentials, read, process.env);
  return createPartner(connection.domain, login.user, createFunnel(connection, login, realTime, new ClockSkew()));
}

export function createPartner(domain: string, login: string, send: Send): Partner {
  const at = encodeURIComponent(domain);
  const get = async <T>(schema: z.ZodType<T>, path: string, attempt: string): Promise<T> => {
    return expectShape(schema, await send({ method: "GET", path, attempt }), attempt);
  };
  return {
    login,
    getLogin: () => get(loginSchema, "/me", "ask who the login is"),
    async allowsLocalLogin() {
      const path = `/orgs/${at}/authentication/settings/login`;
      const settings = await get(loginSettingsSchema, path, `read how people log in to ${domain}`);
      return settings.allow_local_login;
    },
    listBilling: () => get(billingSchema, `/billing/${at}/orgs`, `read what is billed for the organisations of ${domain}`),
    getOrganisation: (any) => get(organisationSchema, `/orgs/${encodeURIComponent(any)}`, `read the organisation ${any}`),
    listOrganisations: () => get(familySchema, `/orgs/${at}/orgs`, `list the organisations of ${domain}`),
  };
}
