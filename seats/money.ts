import { z } from "zod";

/**
 * Money is whole numbers: a price for one seat in ten-thousandths of the currency's unit, because distributors have prices
 * such as 1.375, and an amount in hundredths, rounded once, half away from zero. No sum is rounded twice.
 */
const perUnit = 10_000;
const perHundredth = 100;

const decimal = /^(\d{1,7})(?:\.(\d{1,4}))?$/;

/** A price for one seat, as 4.5, "4.50" or "1.375"; in ten-thousandths. */
export const priceSchema = z
  .union([z.string(), z.number()])
  .transform((given) => String(given).trim())
  .pipe(z.string().regex(decimal, "must be a price such as 4.50, with four decimals at most"))
  .transform((text) => {
    const [, whole = "", fraction = ""] = decimal.exec(text) ?? [];
    return Number(whole) * perUnit + Number(fraction.padEnd(4, "0"));
  });

/** ISO 4217. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, "must be a currency such as USD");

/** What so many seats cost, in hundredths. @param price in ten-thousandths */
export function amountOf(seats: number, price: number): number {
  const exact = seats * price;
  return Math.sign(exact) * Math.floor((Math.abs(exact) + perHundredth / 2) / perHundredth);
}

/** "USD 1,234.50" */
export function tellAmount(hundredths: number, currency: string): string {
  const whole = Math.floor(Math.abs(hundredths) / 100).toLocaleString("en-US");
  const fraction = String(Math.abs(hundredths) % 100).padStart(2, "0");
  return `${currency} ${hundredths < 0 ? "-" : ""}${whole}.${fraction}`;
}
