import type { RowField } from "../hr/columns.ts";
import type { Codes, Person } from "../hr/person.ts";
import { FeedError, type Feed } from "../hr/row.ts";
import type { Policy } from "./policy.ts";

const lists = { companyCodes: "companyCode", workerCategoryCodes: "workerCategoryCode", locationCodes: "locationCode" } as const;
type ScopeKey = keyof typeof lists;
const keys = Object.keys(lists) as ScopeKey[];

/** Whether `proofpoint:policy.scope` restricts anything. */
export function hasScope({ scope }: Policy): boolean {
  return keys.some((key) => scope[key].length > 0);
}

/** Whether a row that decides about a person lies within the scope. */
export function inScope({ codes }: Person, { scope }: Policy): boolean {
  return codes.some((each) => keys.every((key) => scope[key].length === 0 || scope[key].some((code) => sameCode(code, each[lists[key]]))));
}

function sameCode(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** The codes that put somebody out of scope, for a sentence. */
export function describeCodes({ companyCode, workerCategoryCode, locationCode }: Codes): string {
  return `company ${companyCode || "none"}, worker category ${workerCategoryCode || "none"}, location ${locationCode || "none"}`;
}

/** @throws FeedError where the policy has a scope and the feed no column to tell it by */
export function refuseBlindScope({ scope }: Policy, feed: Feed): void {
  for (const key of keys.filter((each) => scope[each].length > 0)) {
    const field: RowField = lists[key];
    if (feed.fields.includes(field)) continue;
    throw new FeedError(
      `proofpoint:policy.scope.${key} is set, and ${feed.name} has no column for it. ` +
        `Name the column in proofpoint:hr.columns.${field}, or empty proofpoint:policy.scope.${key}. Nothing was changed.`,
    );
  }
}

/** Codes nobody has: a slip of the pen there holds everybody it should have named. */
export function findUnusedScope({ scope }: Policy, feed: Feed): readonly string[] {
  return keys.flatMap((key) => {
    if (scope[key].length === 0) return [];
    const field: RowField = lists[key];
    const present = new Set(feed.rows.map((row) => row[field].trim().toLowerCase()));
    return scope[key]
      .filter((code) => !present.has(code.trim().toLowerCase()))
      .map((code) => {
        const stripped = code.trim().replace(/^0+/, "").toLowerCase();
        const hint =
          stripped !== code.trim().toLowerCase() && present.has(stripped) ? ` (it has ${stripped}: Excel drops leading zeros)` : "";
        return `proofpoint:policy.scope.${key} names ${code}, and no ${feed.unit} of the feed has it${hint}.`;
      });
  });
}
