import { search, type JSONValue } from "@jmespath-community/jmespath";
import type { RowField } from "../columns.ts";
import { FeedError, type RawRecord } from "../row.ts";
import type { HttpSettings } from "./httpSettings.ts";

/** @throws FeedError for a record without a partner: one of the two may be only a part */
export function joinTo(
  objects: readonly JSONValue[],
  others: readonly JSONValue[],
  { as, ours, theirs }: NonNullable<HttpSettings["join"]>,
  name: string,
): JSONValue[] {
  const keyOf = (object: JSONValue, path: string) => {
    const key = search(object, path);
    return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
  };
  const byKey = new Map(others.map((other) => [keyOf(other, theirs), other] as const));
  return objects.map((object, index) => {
    const key = keyOf(object, ours);
    const other = key === undefined ? undefined : byKey.get(key);
    if (other === undefined || typeof object !== "object" || object === null || Array.isArray(object))
      throw new FeedError(
        `Could not read ${name}: record ${index + 1} has no partner in the joined answer, so it may be only a part of it. Nothing was changed.`,
      );
    return { ...object, [as]: other };
  });
}

/** One object for each entry of a list within a record, which columns reach as `item`. */
export function explodeRecord(object: JSONValue, path: string): JSONValue[] {
  const items = search(object, path);
  if (!Array.isArray(items) || items.length === 0 || typeof object !== "object" || object === null || Array.isArray(object))
    return [object];
  return items.map((item) => ({ ...object, item }));
}

/** One record, or one for each address where the address is a list. */
export function toCells(object: JSONValue, fields: readonly RowField[], columns: HttpSettings["columns"], where: string): string[][] {
  const cells = fields.map((field): string | string[] => {
    const value = search(object, columns[field] ?? "");
    if (field === "email" && Array.isArray(value)) return value.map((each) => toText(each, field, where));
    return toText(value, field, where);
  });
  const list = cells.find((cell) => typeof cell !== "string") ?? [""];
  return (list.length === 0 ? [""] : list).map((email) => cells.map((cell) => (typeof cell === "string" ? cell : email)));
}

function toText(value: JSONValue | undefined, field: RowField, where: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object")
    throw new FeedError(`Could not read ${where}: its ${field} is no text. Correct proofpoint:hr.columns.${field}. Nothing was changed.`);
  return String(value);
}

/** Some systems leave out what the login may not see. Without the address or the status nothing can be said of anybody. */
export function refuseHidden(records: readonly RawRecord[], fields: readonly RowField[], name: string): void {
  for (const field of ["email", "status"] as const) {
    const at = fields.indexOf(field);
    if (records.some(({ cells }) => cells[at] !== "")) continue;
    throw new FeedError(
      `Could not read ${name}: no record has a ${field}. The login may not see it, or proofpoint:hr.columns.${field} is wrong. Nothing was changed.`,
    );
  }
}
