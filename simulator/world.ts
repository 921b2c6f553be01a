/** An account, as the API shows it: the fields of the vendor's documents, and any other. */
export interface SimulatedUser {
  primary_email: string;
  type: string;
  [field: string]: unknown;
}

export interface SimulatedOrganisation {
  primary_domain: string;
  name: string;
  eid: number;
  /** `organization`, `channel`, … */
  type: string;
  is_active: boolean;
  licensing_package: string;
  is_on_trial: boolean;
  user_licenses: number;
  domains: string[];
  /** The organisation above it, by primary domain. */
  parent?: string;
  /** Entra directory sync; null where it was never set up. */
  azure: Record<string, unknown> | null;
  exemptions: string[];
  users: SimulatedUser[];
}

/** Who may log in. Only administrators can use the API. */
export interface SimulatedLogin {
  readonly user: string;
  readonly password: string;
  readonly type: string;
  readonly read_only_user: boolean;
  /** The organisation the login belongs to. It reaches that one, and with a channel or partner role those below. */
  readonly domain: string;
}

/** What a simulator is born with; what is left out has the values of a small organisation. */
export interface Seed {
  readonly logins?: readonly Partial<SimulatedLogin>[];
  readonly organisations?: readonly (Partial<SimulatedOrganisation> & { readonly primary_domain: string })[];
}

const adminTypes = new Set(["oem_partner_admin", "strategic_partner_admin", "channel_admin", "organization_admin"]);
const partnerTypes = new Set(["oem_partner_admin", "strategic_partner_admin", "channel_admin"]);
export const userTypes = new Set([...adminTypes, "end_user", "silent_user", "functional_account"]);

export const isAdmin = (type: string) => adminTypes.has(type);
export const isPartner = (type: string) => partnerTypes.has(type);
export const sameAddress = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** All state of a simulator: organisations, their users, and the logins. */
export class World {
  readonly organisations: SimulatedOrganisation[];
  readonly logins: readonly SimulatedLogin[];

  constructor(seed: Seed) {
    const copy = structuredCloneJson(seed);
    this.organisations = (copy.organisations ?? [{ primary_domain: "acme.test" }]).map((organisation, index) => ({
      name: organisation.primary_domain,
      eid: 1000 + index,
      type: "organization",
      is_active: true,
      licensing_package: "business",
      is_on_trial: false,
      user_licenses: 100,
      domains: [organisation.primary_domain],
      azure: null,
      exemptions: [],
      ...organisation,
      users: (organisation.users ?? []).map((user, each) => withDefaults(user, 100_000 * (index + 1) + each)),
    }));
    const domain = this.organisations[0]?.primary_domain ?? "acme.test";
    const standard = { user: "admin@acme.test", password: "simulator", type: "organization_admin", read_only_user: false, domain };
    this.logins = (copy.logins ?? [{}]).map((login) => ({ ...standard, ...login }));
  }

  organisation(domain: string): SimulatedOrganisation | undefined {
    const wanted = domain.toLowerCase();
    return this.organisations.find((organisation) =>
      [organisation.primary_domain, ...organisation.domains].some((each) => each.toLowerCase() === wanted),
    );
  }

  /** An organisation and all below it. */
  family(root: SimulatedOrganisation): SimulatedOrganisation[] {
    const children = this.organisations.filter((each) => each !== root && each.parent === root.primary_domain);
    return [root, ...children.flatMap((child) => this.family(child))];
  }

  login(user: string, password: string): SimulatedLogin | undefined {
    return this.logins.find((login) => sameAddress(login.user, user) && login.password === password);
  }

  mayReach(login: SimulatedLogin, organisation: SimulatedOrganisation): boolean {
    const own = this.organisation(login.domain);
    if (!own) return false;
    return own === organisation || (isPartner(login.type) && this.family(own).includes(organisation));
  }
}

export function findUser(organisation: SimulatedOrganisation, email: string): SimulatedUser | undefined {
  return organisation.users.find((user) => sameAddress(user.primary_email, email));
}

/** The fields a stored user always has; a seed may give any of them and more. */
export function withDefaults(user: SimulatedUser, uid: number): SimulatedUser {
  return {
    uid,
    is_active: true,
    firstname: "",
    surname: "",
    alias_emails: [],
    safe_list_senders: [],
    block_list_senders: [],
    is_billable: true,
    odin_settings: { can_impersonate: false, is_imitable: false },
    read_only_user: false,
    ...user,
  };
}

/** A copy that keeps numbers given as `JSON.rawJSON`. */
function structuredCloneJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(structuredCloneJson) as T;
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, structuredCloneJson<unknown>(each)])) as T;
}
