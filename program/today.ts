import { dayIn, type Day } from "./hr/date.ts";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import type { Settings } from "./settings.ts";

/** A day that is not today's can only be looked at. */
export class WrongDay extends ErrorForPeople {}

/**
 * The day the rules judge by: `proofpoint:today` for a what-if, else the calendar day in the stack's time zone.
 * @throws WrongDay for an up on another day: it would convert people who still work here, or by what no longer holds
 */
export function judgeDay({ today, timeZone }: Pick<Settings, "today" | "timeZone">, now: Date, preview: boolean): Day {
  const real = dayIn(timeZone, now);
  if (today === undefined) return real;
  if (today !== real && !preview) {
    throw new WrongDay(
      `proofpoint:today is ${today}, and today is ${real} (${timeZone}). Another day is for previews only; nothing was changed. ` +
        "Take it out with `pulumi config rm proofpoint:today`, then run again.",
    );
  }
  return today;
}

/** What the report says of a day that is not today's. */
export function describeDay({ today }: Pick<Settings, "today">): readonly string[] {
  return today === undefined ? [] : [`What if: ${today} is taken for today (proofpoint:today).`];
}
