import { readFile } from "node:fs/promises";
import { z } from "zod";
import { parseYaml } from "../program/files/parseYaml.ts";
import { isTimeZone } from "../program/hr/date.ts";
import { secretReference } from "../program/hr/secret.ts";
import { connectionKeys, isLoopback, refuseSimulatorLogin } from "../provider/essentials/connection.ts";
import { ErrorForPeople, systemAnswer } from "../provider/essentials/errors.ts";
import { pricesSchema } from "./prices.ts";

const column = z.string("must be the name of a column").trim().min(1, "must not be empty");

/** How an export of a billing system is read: what its columns are called. */
const exported = {
  path: z.string().trim().min(1),
  /** Where `push` writes every count, in the same columns; counts.csv or counts.json where it is left out. */
  counts: z.string().trim().min(1).optional(),
  columns: z.strictObject({
    account: column,
    service: column,
    seats: column,
    /** Where the export has an ID besides the name. */
    accountId: column.optional(),
    domain: column.optional(),
  }),
};

/** `seats/config.yaml`. */
const seatsSchema = z
  .strictObject({
    /** One for each host and login: a partner may have organisations on several. */
    partners: z
      .array(
        z
          .strictObject(connectionKeys)
          .superRefine(refuseSimulatorLogin)
          .refine(
            ({ credentials }) => credentials.source !== "config",
            "has credentials of a stack's configuration; use environment or keyVault",
          ),
      )
      .min(1, "must name a partner"),
    /** The left side: who bills. */
    billing: z.discriminatedUnion("source", [
      z.strictObject({
        source: z.literal("synthesize"),
        url: z
          .url()
          .refine(
            (url) => !URL.canParse(url) || url.startsWith("https://") || isLoopback(url),
            "must begin with https://: the keys would be sent in clear",
          )
          .default("https://app.usegradient.com"),
        /** Absent after a disconnect alone. */
        vendorKey: secretReference.optional(),
        partnerKey: secretReference.optional(),
        /** Whether it takes a count of 0; nobody has said so. */
        zero: z.boolean().default(true),
      }),
      z.strictObject({ source: z.literal("csv"), ...exported }),
      z.strictObject({ source: z.literal("json"), ...exported }),
    ]),
    price: pricesSchema.optional(),
    /** The day `disconnect` took the credentials out; nothing is read while it stands there. */
    disconnected: z.iso.date().optional(),
    timeZone: z.string().refine(isTimeZone, "must be a time zone such as America/New_York").default("UTC"),
  })
  .superRefine(({ billing, disconnected }, context) => {
    if (billing.source !== "synthesize" || disconnected !== undefined) return;
    for (const key of ["vendorKey", "partnerKey"] as const)
      if (!billing[key])
        context.addIssue({ code: "custom", path: ["billing", key], message: "must say where the key is, such as { environment: NAME }" });
  });
export type SeatsSettings = z.infer<typeof seatsSchema>;

/** The configuration of seats cannot be used. */
export class SeatsConfigError extends ErrorForPeople {}

/** @throws SeatsConfigError with everything that is wrong at once */
export async function readSeatsSettings(path: string): Promise<SeatsSettings> {
  const content = await readFile(path, "utf8").catch((error: unknown) => {
    throw new SeatsConfigError(
      `There is no configuration of seats: reading ${path}, ${systemAnswer(error)}. docs/seats.md has an example.`,
    );
  });
  return parseYaml({ content, path, schema: seatsSchema, fault: (message) => new SeatsConfigError(message) });
}
