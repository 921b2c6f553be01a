import { z } from "zod";
import { isTimeZone } from "../program/hr/date.ts";
import { numeric } from "../provider/essentials/config.ts";

/** When a distributor counts, each month (`proofpoint:billing`). */
export const billingSchema = z.strictObject({
  /** A day the month does not have is its last. */
  snapshotDay: numeric(z.number().int().min(1).max(31)),
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 00:00")
    .default("00:00"),
  /** Where it is that time; the stack's where it is left out. */
  timeZone: z.string().refine(isTimeZone, "must be a time zone such as America/New_York").optional(),
  /** A conversion shows in what is billed up to so long after it. */
  settlingMinutes: numeric(z.number().int().min(0).max(1440)).default(20),
});
export type Billing = z.infer<typeof billingSchema>;

const dayMs = 24 * 60 * 60_000;

export interface Snapshot {
  readonly at: Date;
  /** An up that has ended by then counts. */
  readonly countsBy: Date;
}

/** The next snapshot an up can still count for. */
export function nextSnapshot({ snapshotDay, time, settlingMinutes }: Billing, timeZone: string, now: Date): Snapshot {
  const [year = 0, month = 1] = wallClock(now, timeZone);
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  for (let ahead = 0; ; ahead += 1) {
    const lastDay = new Date(Date.UTC(year, month + ahead, 0)).getUTCDate();
    const at = momentOf(Date.UTC(year, month - 1 + ahead, Math.min(snapshotDay, lastDay), hours, minutes), timeZone);
    const countsBy = new Date(at.getTime() - settlingMinutes * 60_000);
    if (countsBy > now) return { at, countsBy };
  }
}

/** The moment at which a clock in a time zone shows this. @param shown as if it were UTC */
function momentOf(shown: number, timeZone: string): Date {
  const offset = (at: number) => {
    const [year = 0, month = 1, day, hours, minutes] = wallClock(new Date(at), timeZone);
    return Date.UTC(year, month - 1, day, hours, minutes) - Math.floor(at / 60_000) * 60_000;
  };
  // Where the clocks change that day there are two offsets. The earlier moment is the safe one, where the clock shows it twice
  // or never; the later, where only that one shows it.
  const [before, after] = [offset(shown - dayMs), offset(shown + dayMs)];
  const [early, late] = [shown - Math.max(before, after), shown - Math.min(before, after)];
  return new Date(late + offset(late) === shown && early + offset(early) !== shown ? late : early);
}

/** Year, month, day, hours, minutes as a clock there shows them. */
function wallClock(moment: Date, timeZone: string): number[] {
  const shown = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(moment);
  return shown.split(/[^\d]+/).map(Number);
}
