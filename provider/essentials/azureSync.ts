import { z } from "zod";

/** Entra directory sync, as far as this product looks at it. Source: settings/azure of the vendor's API. */
export const azureSyncSchema = z.looseObject({
  last_successful_sync: z.string().nullish(),
  sync_frequency: z.union([z.number(), z.string()]).nullish(),
  secret_expiry: z.string().nullish(),
});
export type AzureSync = z.infer<typeof azureSyncSchema>;

export const exemptionsSchema = z.array(z.looseObject({ email: z.string() }));

/** Whether an address can stand in a list of them: a comma in it would exempt somebody else. */
export function isExemptable(email: string): boolean {
  return /^[^\s,;@]+@[^\s,;@]+$/.test(email);
}

/** How a list of addresses is written: the vendor says "list of comma separated emails", which can mean each of these. */
export const exemptionsForms = ["text", "array", "object"] as const;
export type ExemptionsForm = (typeof exemptionsForms)[number];

export function exemptionsBody(emails: readonly string[], form: ExemptionsForm): unknown {
  switch (form) {
    case "text":
      return emails.join(",");
    case "array":
      return emails;
    case "object":
      return { emails: emails.join(",") };
  }
}
