import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { parseYaml } from "../program/files/parseYaml.ts";
import { readSettings, type Settings } from "../program/settings.ts";
import { InvalidConfig } from "../provider/essentials/config.ts";
import { connectionKeys, refuseSimulatorLogin } from "../provider/essentials/connection.ts";
import { ErrorForPeople, systemAnswer } from "../provider/essentials/errors.ts";
import { layOver } from "./layOver.ts";
import { doubles } from "../program/lists/doubles.ts";

/** What follows from the partner and the organisation; set here as well, one organisation would be managed as another. */
const given = ["apiUrl", "domain", "credentials", "report", "concurrency", "timeoutSeconds"];

const config = z
  .preprocess((keys) => keys ?? {}, z.record(z.string(), z.unknown(), "must be a map of settings"))
  .refine((keys) => given.every((key) => !(key in keys)), `must not have ${given.join(", ")}: those follow from partner and organisation`)
  .default({});

/** `fleet.yaml`: the partners of an MSP and the organisations it looks after. */
const fleetSchema = z.strictObject({
  /** A stack host each, with the login for it. */
  partners: z.record(z.string(), z.strictObject(connectionKeys).superRefine(refuseSimulatorLogin)),
  /** Configuration all organisations share, without the namespace: `hr`, `policy`, `limits`. */
  base: config,
  organisations: z
    .array(
      z.strictObject({
        stack: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "must be the name of a stack: lower-case letters, digits, dashes"),
        domain: connectionKeys.domain,
        partner: z.string(),
        /** What is different here: a key replaces the base's, an object is laid over it. */
        config,
      }),
    )
    .min(1, "must name an organisation"),
});

/** One organisation with everything its stack is configured with. */
export interface Member {
  readonly stack: string;
  readonly domain: string;
  /** By its name in the file. */
  readonly partner: string;
  /** The host it lives on: `us1.proofpointessentials.com`. */
  readonly host: string;
  /** By key, without the namespace, as it goes into the stack's file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
  /** Of the configuration: what ran with another one did not run with this. */
  readonly hash: string;
}

export interface Fleet {
  readonly partners: z.infer<typeof fleetSchema>["partners"];
  readonly members: readonly Member[];
}

/** The fleet's file cannot be used as it is. */
export class FleetError extends ErrorForPeople {}

/** @throws FleetError with everything that is wrong in any of its organisations, at once */
export async function readFleet(path: string): Promise<Fleet> {
  const content = await readFile(path, "utf8").catch((error: unknown) => {
    throw new FleetError(`There is no fleet: reading ${path}, ${systemAnswer(error)}. docs/scale.md has an example.`);
  });
  return parseFleet(content, path);
}

export function parseFleet(content: string, path: string): Fleet {
  const fault = (message: string) => new FleetError(`${message}\nNothing was run.`);
  const { partners, base, organisations } = parseYaml({ content, path, schema: fleetSchema, fault });
  const problems = [
    ...doubles(organisations.map(({ stack }) => stack)).map((stack) => `the stack ${stack} stands there twice`),
    ...doubles(organisations.map(({ domain }) => domain)).map((domain) => `the domain ${domain} stands there twice`),
  ];
  const members = organisations.flatMap(({ stack, domain, partner, config: own }): Member[] => {
    const connection = Object.hasOwn(partners, partner) ? partners[partner] : undefined;
    if (!connection) {
      problems.push(`${stack}: there is no partner ${partner}`);
      return [];
    }
    const { domain: _, ...login } = connection;
    const whole = { ...layOver(base, own), ...login, domain, report: `out/fleet/${stack}` };
    const { apiUrl } = connection;
    try {
      return [{ stack, domain, partner, host: new URL(apiUrl).host, config: whole, settings: toSettings(whole), hash: hashOf(whole) }];
    } catch (error) {
      if (!(error instanceof InvalidConfig)) throw error;
      problems.push(...error.problems.map((problem) => `${stack}: ${problem}`));
      return [];
    }
  });
  if (problems.length > 0) throw fault([`${path} is not right.`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
  return { partners, members };
}

function hashOf(config: unknown): string {
  return createHash("sha256").update(JSON.stringify(config)).digest("hex").slice(0, 16);
}

function toSettings(config: Readonly<Record<string, unknown>>): Settings {
  const read = (key: string) => {
    const value = config[key];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  };
  return readSettings({ read, keys: Object.keys(config), isSecret: () => false, emptyPassphrase: false });
}
