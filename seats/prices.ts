import { z } from "zod";
import { doubles } from "../program/lists/doubles.ts";
import { currencySchema, priceSchema } from "./money.ts";
import { packageKey } from "./package.ts";

/** Pulumi makes a moment of a day that does not stand in quotes. */
function withoutTime(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/ 00:00:00 \+0000 UTC$/, "") : value;
}

/** What a seat costs each month, by package (`proofpoint:price`). */
export const pricesSchema = z.strictObject({
  currency: currencySchema,
  perSeat: z
    .record(z.string(), priceSchema)
    .refine((prices) => doubles(Object.keys(prices).map(packageKey)).length === 0, "names a package twice, in two forms of its name")
    .transform((prices) => new Map(Object.entries(prices).map(([name, price]) => [packageKey(name), price])))
    .refine((prices) => prices.size > 0, "must name a package and its price"),
  /** Licences are paid for in advance: converting people changes the usage, and the invoice only when they are renewed. */
  prepaid: z.boolean().default(false),
  /** Until when; else the renewal the service names. */
  prepaidUntil: z.preprocess(withoutTime, z.iso.date("must be a day such as 2027-03-31")).optional(),
});
export type Prices = z.infer<typeof pricesSchema>;
