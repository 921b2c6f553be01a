import type { JSONValue } from "@jmespath-community/jmespath";
import type { RowField } from "../columns.ts";
import { FeedError, type RawRecord } from "../row.ts";
import { evaluate } from "./expression.ts";
import type { HttpSettings } from "./httpSettings.ts";

type JsonObject = Record<string, JSONValue>;

function isObject(value: JSONValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws FeedError for a record without a partner, or with two: one of the answers may be only a part */
export function joinTo(
  objects: readonly JSONValue[],
  others: readonly JSONValue[],
  { as, ours, theirs }: NonNullable<HttpSettings["join"]>,
  name: string,
): JSONValue[] {
  const refuse = (what: string): never => {
    throw new FeedError(`Could not read ${name}: ${what}. Nothing was changed.`);
  };
  const keyOf = (object: JSONValue, path: string, setting: string) => {
    const key = evaluate(object, path, setting);
    return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
  };
  const byKey = new Map<string, JSONValue>();
  others.forEach((other, index) => {
    const key = keyOf(other, theirs, "join.theirs");
    if (key === undefined) return;
    if (byKey.has(key)) refuse(`record ${index + 1} of the joined answer has the same key as one before it (proofpoint:hr.join.theirs)`);
    byKey.set(key, other);
  });
  return objects.map((object, index) => {
    const key = keyOf(object, ours, "join.ours");
    const other = key === undefined ? undefined : byKey.get(key);
    if (other === undefined || !isObject(object))
      return refuse(`record ${index + 1} has no partner in the joined answer, so it may be only a part of it`);
    return { ...object, [as]: other };
  });
}

/**
 * One object for each entry of a list within each record, which columns reach as `item`. A record may have none.
 * @throws FeedError where something else stands there, or no record has such a list
 */
export function explodeRecords(objects: readonly JSONValue[], path: string, name: string): { object: JSONValue; at: number }[] {
  let lists = 0;
  const exploded = objects.flatMap((object, index) => {
    const items = evaluate(object, path, "explode");
    const at = index + 1;
    if (items === null) return [{ object, at }];
    if (!Array.isArray(items) || !isObject(object))
      throw new FeedError(`Could not read ${name}: record ${at} has no list at "${path}" (proofpoint:hr.explode). Nothing was changed.`);
    lists++;
    return items.length === 0 ? [{ object, at }] : items.map((item) => ({ object: { ...object, item }, at }));
  });
  if (lists === 0)
    throw new FeedError(`Could not read ${name}: no record has a list at "${path}" (proofpoint:hr.explode). Nothing was changed.`);
  return exploded;
}

/** One record, or one for each address where the address is a list. */
export function toCells(object: JSONValue, fields: readonly RowField[], columns: HttpSettings["columns"], where: string): string[][] {
  if (!isObject(object)) throw new FeedError(`Could not read ${where}: it is no object. Check proofpoint:hr.records. Nothing was changed.`);
  const cells = fields.map((field): string | string[] => {
    const value = evaluate(object, columns[field] ?? "", `columns.${field}`);
    if (field === "email" && Array.isArray(value)) return value.map((each) => toText(each, field, where));
    return toText(value, field, where);
  });
  const list = cells.find((cell) => typeof cell !== "string") ?? [""];
  return (list.length === 0 ? [""] : list).map((email) => cells.map((cell) => (typeof cell === "string" ? cell : email)));
}

function toText(value: JSONValue, field: RowField, where: string): string {
  if (value === null) return "";
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
      `Could not read ${name}: no record has ${field === "email" ? "an address" : "a status"}. The login may not see it, or proofpoint:hr.columns.${field} is wrong. Nothing was changed.`,
    );
  }
}
