import { z } from "zod";
import { numeric, readConfig, type ReadConfig } from "../provider/essentials/config.ts";
import { connectionKeys, isLoopback, refuseSimulatorLogin } from "../provider/essentials/connection.ts";
import { approvalSchema } from "./approval.ts";
import { passportSchema } from "./feedGuard.ts";
import { limitsSchema } from "./guard.ts";
import { isTimeZone, readDay } from "./hr/date.ts";
import { hrSchema } from "./hr/source.ts";
import { canarySchema } from "./policy/canary.ts";
import { pricesSchema } from "../seats/prices.ts";
import { billingSchema } from "../seats/snapshot.ts";
import { policySchema } from "./policy/policy.ts";
import { wavesSchema } from "./policy/wave.ts";

/** Every key of the namespace `proofpoint`. Descriptions and defaults for people: Pulumi.yaml. */
export const settingsSchema = z
  .object({
    ...connectionKeys,
    /** With credentials.source config. Read by the provider layer; named here so that they are known keys. */
    apiUser: z.string().optional(),
    apiPassword: z.string().optional(),
    hr: hrSchema,
    policy: policySchema,
    limits: limitsSchema,
    passport: passportSchema,
    /** Whether functional accounts are exempt from Entra directory sync; by default where the organisation has it. */
    exemptions: z.enum(["manage", "warn", "ignore"]).optional(),
    /** The project's default for an object that is not set is the empty one. */
    approval: unlessEmpty(approvalSchema),
    /** Whom this stack may change; everybody, where it is not set. */
    canary: unlessEmpty(canarySchema),
    /** How many changes each wave makes at most; without, everything at once. */
    waves: wavesSchema,
    /** The stack that must have applied the same policy before this one changes anything. */
    promotesFrom: z
      .string()
      .trim()
      .regex(/^([\w.-]+\/[\w.-]+\/)?[\w.-]+$/, "must be a stack of this project, such as staging, or organisation/project/stack")
      .optional(),
    /** So many hours ago, at most. */
    promotionMaxAgeHours: numeric(z.number().int().min(1).max(8760)).default(168),
    /** A file of exceptions, CSV or YAML. */
    exceptions: z.string().trim().min(1).optional(),
    /** What a seat costs each month, by package; without, nothing is said of money. */
    price: unlessEmpty(pricesSchema),
    /** When the distributor counts. */
    billing: unlessEmpty(billingSchema),
    /** Domains of the organisation besides those of its accounts' primary addresses. */
    domains: z.array(z.string().trim().min(1)).default([]),
    /** In which calendar a last day ends. */
    timeZone: z
      .string()
      .default("UTC")
      .refine(isTimeZone, {
        error: (issue) => `is not a time zone: "${String(issue.input)}". Use for example America/New_York.`,
      }),
    /** A day to judge by instead of today's, for a what-if preview. */
    today: z
      .string()
      .transform((text, context) => {
        const day = readDay(text, undefined);
        if (day) return day;
        context.addIssue({ code: "custom", message: `is not a day: "${text}". Use for example 2026-12-31.` });
        return z.NEVER;
      })
      .optional(),
    /** Where to write the report, without an ending: `out/dev` makes out/dev.json and out/dev.md. */
    report: z.string().trim().min(1).optional(),
  })
  .superRefine(refuseSimulatorLogin);
export type Settings = z.infer<typeof settingsSchema>;

function unlessEmpty<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (isEmptyObject(value) ? undefined : value), schema.optional());
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** The stack's configuration as the engine hands it over. */
export interface StackConfig {
  readonly read: ReadConfig;
  /** The names set in the namespace, to find misspelt ones. */
  readonly keys: readonly string[];
  readonly isSecret: (key: string) => boolean;
  /** Secrets of the stack are encrypted with the empty passphrase, which anybody can guess. */
  readonly emptyPassphrase: boolean;
}

/** @throws InvalidConfig with all problems at once, by key */
export function readSettings({ read, keys, isSecret, emptyPassphrase }: StackConfig): Settings {
  const problems: string[] = [];
  if (read("apiPassword")) {
    const apiUrl = read("apiUrl") ?? "";
    if (!isSecret("apiPassword"))
      problems.push("proofpoint:apiPassword stands in clear. Set it with `pulumi config set --secret proofpoint:apiPassword`.");
    else if (emptyPassphrase && !(URL.canParse(apiUrl) && isLoopback(apiUrl))) {
      problems.push(
        "proofpoint:apiPassword is encrypted with an empty passphrase, so anybody who has the file can read it. " +
          "Set PULUMI_CONFIG_PASSPHRASE and run `pulumi stack change-secrets-provider passphrase`, or use proofpoint:credentials.source environment.",
      );
    }
  }
  return readConfig(settingsSchema, read, keys, problems);
}
