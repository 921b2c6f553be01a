import { z } from "zod";
import { numeric } from "../../../provider/essentials/config.ts";
import { certificateSchema } from "../web/certificate.ts";
import { rowFields, type RowField } from "../columns.ts";
import { secretReference } from "../secret.ts";
import { secureUrl } from "../web/secureUrl.ts";
import { expression } from "./expression.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const where = "must say where the secret is: { environment: NAME }, { file: PATH } or { vaultUrl: https://…, secret: NAME }";
/** A user name may stand here; it is no secret unless it is an API key. */
const userName = z.union([secretReference, z.strictObject({ value: z.string().min(1) })], { error: where });
/** BambooHR's password is always `x`, which is no secret. Any longer one may be. */
const password = z.union([secretReference, z.strictObject({ value: z.string().refine((text) => text.length <= 1, where) })], {
  error: where,
});

const requestSchema = z.strictObject({
  url: secureUrl,
  method: z.enum(["GET", "POST"]).default("GET"),
  query: z.record(z.string(), scalar).default({}),
  headers: z
    .record(
      z.string().refine((name) => !/auth|cookie|key|token|secret|password/i.test(name), "may carry a secret: put it into secretHeaders"),
      z.string(),
    )
    .default({}),
  /** Sent as JSON. */
  body: z.unknown().optional(),
});
export type HttpRequestSettings = z.infer<typeof requestSchema>;

const authSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("basic"), user: userName, password }),
  z.strictObject({ type: z.literal("bearer"), token: secretReference }),
  z.strictObject({ type: z.literal("header"), name: z.string().min(1), value: secretReference }),
  z.strictObject({
    type: z.literal("oauth2"),
    tokenUrl: secureUrl,
    clientId: secretReference,
    clientSecret: secretReference,
    scope: z.string().optional(),
  }),
]);
export type HttpAuth = z.infer<typeof authSchema>;

const size = numeric(z.number().int().min(1).max(10_000)).default(100);
const stop = {
  /** When the last page was read, besides 204 and an empty page: `short` at a page with fewer than `size` records, `total` at this many. */
  stop: z.enum(["empty", "short", "total"]).default("empty"),
  /** For `stop: total`: where the answer says how many there are (JMESPath). */
  total: expression.optional(),
  /** A read that reaches the cap is refused. */
  maxPages: numeric(z.number().int().min(1)).default(1_000),
};
const pagerSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({
      type: z.literal("offset"),
      parameter: z.string().default("offset"),
      sizeParameter: z.string().default("limit"),
      size,
      ...stop,
    }),
    z.strictObject({
      type: z.literal("page"),
      parameter: z.string().default("page"),
      first: numeric(z.number().int().min(0)).default(1),
      sizeParameter: z.string().default("per_page"),
      size,
      ...stop,
    }),
    /** `next` is where the answer holds the next page's cursor (JMESPath). */
    z.strictObject({ type: z.literal("cursor"), parameter: z.string().default("cursor"), next: expression, maxPages: stop.maxPages }),
    /** The header `Link: <…>; rel="next"`. */
    z.strictObject({ type: z.literal("link"), maxPages: stop.maxPages }),
  ])
  .superRefine((pager, context) => {
    if ("stop" in pager && pager.stop === "total" && pager.total === undefined)
      context.addIssue({ code: "custom", path: ["total"], message: "is missing: stop total needs to know where the total is." });
  });
export type Pager = z.infer<typeof pagerSchema>;

const fetchKeys = {
  request: requestSchema,
  /** Where the records are in the answer (JMESPath); `@` is the whole answer. */
  records: expression.default("@"),
  pager: pagerSchema.default({ type: "none" }),
};

/** Any HR system that answers with JSON, declared and not programmed. Expressions are JMESPath; nothing is evaluated as code. */
export const httpKeys = {
  /** What to call it in messages. */
  name: z.string().trim().min(1).default("the HR system"),
  ...fetchKeys,
  auth: authSchema.default({ type: "none" }),
  /** Headers besides, each a secret: a second API key. */
  secretHeaders: z.record(z.string(), secretReference).default({}),
  clientCertificate: certificateSchema.optional(),
  /** A list within each record that has one entry for each position; columns reach it as `item`. */
  explode: expression.optional(),
  /** A second answer joined to each record under `as`: where its `theirs` is the record's `ours`. */
  join: z.strictObject({ ...fetchKeys, as: z.string().regex(/^\w+$/), ours: expression, theirs: expression }).optional(),
  /** A JMESPath expression for each field. */
  columns: z
    .partialRecord(z.enum(rowFields as [RowField, ...RowField[]]), expression)
    .refine((columns) => columns.email !== undefined && columns.status !== undefined, "must name at least email and status"),
  timeoutSeconds: numeric(z.number().min(1).max(3600)).default(60),
};
export type HttpSettings = z.infer<z.ZodObject<typeof httpKeys>>;
export type HttpFetch = z.infer<z.ZodObject<typeof fetchKeys>>;
