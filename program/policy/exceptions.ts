import { z } from "zod";
import { foldAddress } from "../../provider/essentials/address.ts";
import { addressesOf, type User } from "../../provider/essentials/schema.ts";
import { addDays, readDay, type Day } from "../hr/date.ts";
import { quote } from "../hr/quote.ts";
import { compilePattern } from "./pattern.ts";

/** One entry of the exceptions file: what somebody decided about an account against HR, for a time. */
const said = (what: string) => z.string(what).trim().min(1, what);
export const exceptionSchema = z
  .strictObject({
    /** An address, or a pattern with `*`. */
    match: said("must be an address, or a pattern such as svc-*@acme.com").refine(
      (text) => text.includes("@"),
      "must be an address, or a pattern such as svc-*@acme.com",
    ),
    want: z.enum(["end_user", "functional_account", "hold"], "must be end_user, functional_account or hold"),
    reason: said("must say why"),
    /** Who answers for it. */
    owner: said("must say who answers for it"),
    /** The last day it counts. */
    expires: z
      .string("must be a day such as 2027-03-31")
      .refine((text) => typeof readDay(text, undefined) === "string", "must be a day such as 2027-03-31"),
  })
  .refine(({ match, want }) => want !== "functional_account" || isNarrow(match), {
    path: ["match"],
    message:
      "would convert too many: for functional_account, name an address, or a pattern with three letters before its * and a whole domain",
  });
function isNarrow(match: string): boolean {
  const [local = "", domain = ""] = match.split("@");
  return !match.includes("*") || (/^[^*]{3}/.test(local) && !domain.includes("*"));
}
export type Exception = z.infer<typeof exceptionSchema>;

/** This many days ahead an exception is reported as about to expire. */
const warningDays = 14;

export interface Exceptions {
  /** Those that count today, for one account. */
  readonly about: (user: User) => readonly Exception[];
  /** Expired, about to expire, or about nobody. */
  readonly problems: readonly string[];
}

/** Sorts the entries by what they are worth today. */
export function judgeExceptions(entries: readonly Exception[], users: readonly User[], today: Day): Exceptions {
  const dated = entries.map((entry) => ({ entry, expires: readDay(entry.expires, undefined) ?? "" }));
  const valid = dated.filter(({ expires }) => expires >= today);
  const problems = dated
    .filter(({ expires }) => expires < today)
    .map(({ entry }) => `${describe(entry)} expired on ${entry.expires} and no longer counts.`);
  for (const { entry, expires } of valid)
    if (expires <= addDays(today, warningDays)) problems.push(`${describe(entry)} expires on ${entry.expires}.`);

  const byAddress = new Map<string, Exception[]>();
  const patterns: { entry: Exception; matches: ReturnType<typeof compilePattern> }[] = [];
  for (const { entry } of valid) {
    if (entry.match.includes("*")) patterns.push({ entry, matches: compilePattern(entry.match) });
    else byAddress.set(foldAddress(entry.match), [...(byAddress.get(foldAddress(entry.match)) ?? []), entry]);
  }
  const found = new Map<User, readonly Exception[]>();
  const about = (user: User): readonly Exception[] => {
    if (valid.length === 0) return [];
    const known = found.get(user) ?? find(user);
    found.set(user, known);
    return known;
  };
  const find = (user: User): readonly Exception[] => {
    const addresses = addressesOf(user);
    return [
      ...new Set(addresses.flatMap((address) => byAddress.get(address) ?? [])),
      ...patterns.filter(({ matches }) => matches(addresses)).map(({ entry }) => entry),
    ];
  };
  const used = new Set(users.flatMap(about));
  for (const { entry } of valid) if (!used.has(entry)) problems.push(`${describe(entry)} is about no account.`);
  return { about, problems };
}

function describe({ match, owner }: Exception): string {
  return `The exception for ${match} (${quote(owner)})`;
}
