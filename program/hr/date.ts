/** A calendar day, `2026-10-31`: as text, so that comparing and sorting are what they look like. */
export type Day = string;

/** Which part of `10/11/2026` comes first (`proofpoint:hr.dateOrder`). */
export type DateOrder = "mdy" | "dmy";

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}.*))?$/;
/** A moment with its offset from UTC. Midnight UTC is how systems write a day that has none. */
const zoned = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)$/i;
const midnight = /^00:00(:00)?(\.0+)?$/;
const compact = /^(\d{4})(\d{2})(\d{2})$/;
const parted = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[T ]\d{1,2}:\d{2}.*)?$/;

/** What HR systems write where there is no date. */
const noDay = new Set(["", "-", "n/a", "null", "0000-00-00", "00/00/0000"]);

/** Days that stand for "unknown" and for "never". */
const placeholders = new Set(["1-1-1", "1753-1-1", "1899-12-30", "1899-12-31", "1900-1-1", "9999-12-31", "9999-1-1"]);

/** Whether a date can only be read once somebody says what comes first. */
export function needsOrder(text: string): boolean {
  const year = Number(parted.exec(text.trim())?.[4]);
  return year >= 1930 && year <= 2200;
}

/** Whether a date is none in this order, and one in the other: the order is wrong for all of them. */
export function contradicts(text: string, order: DateOrder): boolean {
  return needsOrder(text) && readDay(text, order) === null && readDay(text, order === "mdy" ? "dmy" : "mdy") !== null;
}

/**
 * @param timeZone where a moment with an offset is told as a day
 * @returns the day; undefined where there is none; null where something stands there that is no day
 */
export function readDay(text: string, order: DateOrder | undefined, timeZone = "UTC"): Day | undefined | null {
  if (text === "") return undefined;
  const trimmed = text.trim();
  const [, date, time = "", offset = ""] = zoned.exec(trimmed) ?? [];
  if (date !== undefined && !(midnight.test(time) && /^(Z|[+-]00)/i.test(offset))) {
    const moment = new Date(
      `${date}T${time}${offset.replace(/^([+-]\d{2}):?(\d{2})?$/, (_, hours: string, minutes = "00") => `${hours}:${minutes}`)}`,
    );
    return Number.isNaN(moment.getTime()) ? null : dayIn(timeZone, moment);
  }
  if (noDay.has(trimmed.toLowerCase())) return undefined;
  const [, year, month, day] = iso.exec(trimmed) ?? compact.exec(trimmed) ?? [];
  if (year !== undefined) return existing(Number(year), Number(month), Number(day));
  const parts = parted.exec(trimmed);
  if (!parts || order === undefined) return null;
  const [first, second] = [Number(parts[1]), Number(parts[3])];
  return order === "mdy" ? existing(Number(parts[4]), first, second) : existing(Number(parts[4]), second, first);
}

/** By arithmetic: a feed has a date or five in every row, and a Date object for each is a second for 100,000. */
function existing(year: number, month: number, day: number): Day | undefined | null {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (year < 1930 || year > 2200) return placeholders.has(`${year}-${month}-${day}`) ? undefined : null;
  if (month < 1 || month > 12 || day < 1 || day > longest) return null;
  const pad = (part: number) => (part < 10 ? `0${part}` : String(part));
  return `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The later of two days, where there are any. */
export function later(a: Day | undefined, b: Day | undefined): Day | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

/** The calendar day of a moment in a time zone (IANA name). */
export function dayIn(timeZone: string, moment: Date): Day {
  // Sweden writes dates the ISO way.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(moment);
}

/** Whether a name is one of a time zone (IANA). */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
