import { z } from "zod";

/** What Synthesize answers, as far as it is looked at. Source: its public SDK; not tried live. */

const text = z.union([z.string(), z.number()]).transform(String);
const id = text.refine((value) => value.trim() !== "", "must not be empty");

export const organizationSchema = z.looseObject({
  organizationId: text,
  name: text,
  status: text.transform((status) => status.toLowerCase()),
  /** A new one each time the vendor is connected. */
  integrationId: text.nullish().transform((id) => id ?? ""),
});
export type SynthesizeOrganization = z.infer<typeof organizationSchema>;

/** A customer of the MSP, as the billing side knows it. */
export const accountsSchema = z.array(
  z.looseObject({ id, name: text, description: z.string().nullish(), isMapped: z.boolean().optional() }),
);
export type SynthesizeAccount = z.infer<typeof accountsSchema>[number];

const skusSchema = z.looseObject({ skus: z.array(z.looseObject({ id, name: text })) });

/** The vendor with its services: wrapped where it is read, and not where a service was added. */
export const vendorSchema = z.union([
  z.looseObject({ data: skusSchema }).transform(({ data }) => data.skus),
  skusSchema.transform(({ skus }) => skus),
]);
export type SynthesizeService = z.infer<typeof vendorSchema>[number];
