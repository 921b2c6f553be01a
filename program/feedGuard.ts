import { z } from "zod";
import { numeric } from "../provider/essentials/config.ts";
import type { Violation } from "./guard.ts";
import { addDays } from "./hr/date.ts";
import type { FeedPassport } from "./hr/passport.ts";
import type { FeedMemory } from "./memory.ts";

const percent = numeric(z.number().min(0).max(100));

/** How far a feed may be from the last applied one (`proofpoint:passport`). Each limit is there for a mistake it stops. */
export const passportSchema = z
  .strictObject({
    /** Rows or people fewer than last time, in percent. Stops: an export that lost a page, a filter left on. */
    shrinkPercent: percent.default(10),
    /** The share of active people lower than last time, in points. Stops: a status column that slipped. */
    activeDropPoints: percent.default(10),
    /** One status word on more of the rows than this, and on ten points more than last time. Stops: a default written over all. */
    wordPercent: percent.default(95),
    /** End users HR knows, of all end users. Stops: another company's feed, the wrong address column. */
    matchPercent: percent.default(50),
    /** The age of the feed, where the source can tell; 0 does not judge it. Stops: an export that stopped days ago. */
    maxAgeHours: numeric(z.number().min(0)).default(72),
    /** The newest date in the feed so many days older than last time's. Stops: an older export put in the place of the new. */
    olderDays: numeric(z.number().int().min(0)).default(7),
    /** Shares and comparisons count from this many rows on: of five rows, one is 20 %. */
    minimumRows: numeric(z.number().int().min(1)).default(20),
  })
  .prefault({});
export type PassportLimits = z.infer<typeof passportSchema>;

/** Of fewer, all may go by themselves. */
const fewValues = 5;

/** Compares a feed with the last applied one, and judges what can be judged by itself. Everything it finds is reported at once. */
export function judgeFeed(
  now: FeedPassport,
  { passport: last, feeds }: FeedMemory,
  limits: PassportLimits,
  moment: Date,
): readonly Violation[] {
  const violations: Violation[] = [];
  const refuse = (key: keyof PassportLimits | undefined, message: string) =>
    violations.push({ key: key === undefined ? "proofpoint:passport" : `proofpoint:passport.${key}`, message });

  if (now.modified !== "" && limits.maxAgeHours > 0) {
    const hours = (moment.getTime() - Date.parse(now.modified)) / 3_600_000;
    if (hours > limits.maxAgeHours)
      refuse("maxAgeHours", `the feed is ${Math.floor(hours)} hours old; at most ${limits.maxAgeHours} are allowed`);
  }
  const enough = now.rows >= limits.minimumRows;
  if (enough && now.endUsers >= limits.minimumRows && now.endUsersKnown * 100 < limits.matchPercent * now.endUsers)
    refuse(
      "matchPercent",
      `HR knows ${now.endUsersKnown} of ${now.endUsers} end users (${share(now.endUsersKnown, now.endUsers)} %); at least ${limits.matchPercent} % are expected`,
    );

  const repeated = feeds.indexOf(now.hash);
  if (repeated > 0) refuse(undefined, `the feed is the same as ${repeated} feeds before the last one: an old export has come again`);
  if (!last) return violations;

  const gone = last.columns.filter((column) => !now.columns.includes(column));
  if (gone.length > 0) refuse(undefined, `the feed has lost the column ${gone.join(", ")} it had last time`);
  for (const [field, before] of Object.entries(last.filled)) {
    const here = now.filled[field as keyof typeof now.filled] ?? 0;
    if (before >= fewValues && here * 10 < before)
      refuse(undefined, `the feed has ${here} rows with a value for ${field}, last time it had ${before}: the column was emptied`);
  }
  const oldest = last.newestEffective === "" ? "" : addDays(last.newestEffective, -limits.olderDays);
  if (now.newestEffective < oldest)
    refuse(
      "olderDays",
      `the newest date in the feed is ${now.newestEffective || "none"}, last time it was ${last.newestEffective}: this is an older export`,
    );
  if (Math.max(now.rows, last.rows) < limits.minimumRows) return violations;

  for (const [what, here, before] of [
    ["rows", now.rows, last.rows],
    ["people", now.persons, last.persons],
  ] as const) {
    if (before > 0 && (before - here) * 100 > limits.shrinkPercent * before)
      refuse(
        "shrinkPercent",
        `the feed has ${here} ${what}, last time it had ${before} (${share(here - before, before)} %); at most ${limits.shrinkPercent} % fewer are allowed`,
      );
  }
  const active = (passport: FeedPassport) => (passport.persons === 0 ? 0 : (passport.statuses.active * 100) / passport.persons);
  if (active(last) - active(now) > limits.activeDropPoints)
    refuse(
      "activeDropPoints",
      `${active(now).toFixed(1)} % of the people are active, last time ${active(last).toFixed(1)} % were; at most ${limits.activeDropPoints} points fewer are allowed`,
    );
  for (const [word, rows] of Object.entries(now.words)) {
    const [here, before] = [(rows * 100) / now.rows, ((last.words[word] ?? 0) * 100) / Math.max(1, last.rows)];
    if (here > limits.wordPercent && here - before > 10)
      refuse(
        "wordPercent",
        `the status "${word}" is on ${here.toFixed(1)} % of the rows, last time it was on ${before.toFixed(1)} %; at most ${limits.wordPercent} % are allowed`,
      );
  }
  return violations;
}

function share(part: number, whole: number): string {
  return ((part / whole) * 100).toFixed(1);
}
