import { dayIn, type Day } from "./hr/date.ts";
import { FeedError } from "./hr/row.ts";
import type { Settings } from "./settings.ts";

/**
 * The day the rules judge by: `proofpoint:today` for a what-if, else the calendar day in the stack's time zone.
 * @throws FeedError for an up on a day that has not come: it would convert people who still work here
 */
export function judgeDay({ today, timeZone }: Pick<Settings, "today" | "timeZone">, now: Date, preview: boolean): Day {
  const real = dayIn(timeZone, now);
  if (today === undefined) return real;
  if (today > real && !preview) {
    throw new FeedError(
      `proofpoint:today is ${today}, and today is ${real} (${timeZone}). A day to come is for previews; nothing was changed. ` +
        "Take it out with `pulumi config rm proofpoint:today`, then run again.",
    );
  }
  return today;
}

/** What the report says of a day that is not today's. */
export function describeDay({ today }: Pick<Settings, "today">): readonly string[] {
  return today === undefined ? [] : [`What if: ${today} is taken for today (proofpoint:today).`];
}
