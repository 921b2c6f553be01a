import type { z } from "zod";
import {
  accountsSchema,
  organizationSchema,
  vendorSchema,
  type SynthesizeAccount,
  type SynthesizeOrganization,
  type SynthesizeService,
} from "./schema.ts";
import { SynthesizeError, type SendToSynthesize } from "./send.ts";

/** The calls this product makes to Synthesize. Each throws SynthesizeError and nothing else. */
export interface SynthesizeClient {
  /** Who this is; the check of the keys. */
  getOrganization(): Promise<SynthesizeOrganization>;
  setStatus(status: "pending" | "inactive"): Promise<void>;
  listAccounts(): Promise<readonly SynthesizeAccount[]>;
  /** Adds customers; one that is there already is no fault. */
  addAccounts(accounts: readonly Pick<SynthesizeAccount, "id" | "name">[]): Promise<void>;
  listServices(): Promise<readonly SynthesizeService[]>;
  /** @returns all services, the new one among them */
  addService(name: string): Promise<readonly SynthesizeService[]>;
  /**
   * Sets a count. `build` has the billing cards made anew: once, with the last of many.
   * @returns `unmapped` where their side has mapped the account or the service to nothing; `unsure` where it says so after an
   * attempt that may have been done
   */
  setCount(count: {
    readonly serviceId: string;
    readonly accountId: string;
    /** What people call the two, for the error. */
    readonly title: string;
    readonly seats: number;
    readonly build: boolean;
  }): Promise<"taken" | "unmapped" | "unsure">;
}

const base = "/api/vendor-api";
const training = "Security Awareness Training";

export function createSynthesizeClient(send: SendToSynthesize): SynthesizeClient {
  const expect = <T extends z.ZodType>(schema: T, json: unknown, attempt: string): z.infer<T> => {
    const parsed = schema.safeParse(json);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new SynthesizeError(
      `Could not ${attempt}: Synthesize answered in a form nobody knows (${issue?.path.join(".") ?? ""}: ${issue?.message}). The service has changed, or billing.url is not its.`,
    );
  };
  return {
    async getOrganization() {
      const attempt = "ask Synthesize who this is";
      return expect(organizationSchema, await send({ method: "GET", path: `${base}/organization`, attempt }), attempt);
    },
    async setStatus(status) {
      await send({ method: "PATCH", path: `${base}/organization/status/${status}`, attempt: `set the integration ${status}` });
    },
    async listAccounts() {
      const attempt = "list the accounts";
      return expect(accountsSchema, await send({ method: "GET", path: `${base}/organization/accounts`, attempt }), attempt);
    },
    async addAccounts(accounts) {
      if (accounts.length === 0) return;
      const add = (some: typeof accounts) => {
        const attempt = some.length === 1 ? `add the account ${some[0]?.name}` : `add ${some.length} accounts`;
        return send({ method: "POST", path: `${base}/organization/accounts`, body: some, attempt });
      };
      try {
        await add(accounts);
      } catch (error) {
        if (!isConflict(error)) throw error;
        // One of them is there already, and nobody says which.
        if (accounts.length > 1) for (const account of accounts) await add([account]).catch(unlessConflict);
      }
    },
    async listServices() {
      const attempt = "list the services";
      return expect(vendorSchema, await send({ method: "GET", path: base, attempt }), attempt);
    },
    async addService(name) {
      const attempt = `add the service ${name}`;
      const subcategory = name === training ? "privacy and security awareness training" : "email security";
      const body = { name, description: `Proofpoint Essentials ${name}`, category: "security", subcategory };
      return expect(vendorSchema, await send({ method: "POST", path: `${base}/service`, body, attempt, once: true }), attempt);
    },
    async setCount({ serviceId, accountId, title, seats, build }) {
      const path = `${base}/service/${encodeURIComponent(serviceId)}/count${build ? "" : "?no_build=true"}`;
      try {
        const body = { accountId, unitCount: seats };
        await send({ method: "POST", path, body, attempt: `set ${title} to ${seats} seats`, noAnswer: true });
        return "taken";
      } catch (error) {
        if (!(error instanceof SynthesizeError)) throw error;
        const { status, mayBeTaken } = error;
        if (status === 404) return mayBeTaken ? "unsure" : "unmapped";
        if (mayBeTaken || seats > 0 || (status !== 400 && status !== 422)) throw error;
        throw new SynthesizeError(`${error.message} It seems to take no count of 0: set billing.zero to false.`, { status });
      }
    },
  };
}

function isConflict(error: unknown): boolean {
  return error instanceof SynthesizeError && error.status === 409;
}

function unlessConflict(error: unknown): void {
  if (!isConflict(error)) throw error;
}
