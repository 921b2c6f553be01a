import type { z } from "zod";

/** `JSON.parse` with source text access and `JSON.rawJSON` (Node ≥ 22), which TypeScript's library does not describe yet. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(source: string): unknown;
}
const exactJson = JSON as unknown as ExactJson;

/**
 * Parses JSON so that `JSON.stringify` writes every value back as it came: a number that JavaScript would round or
 * reformat (`12345678901234567890`, `1.0`) keeps its digits.
 */
export function parseExactly(text: string): unknown {
  return exactJson.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source ? exactJson.rawJSON(source) : value,
  );
}

/**
 * Checks parsed JSON against a schema.
 * @returns the value, or one line that quotes the first things that did not fit.
 */
export function checkShape<T>(schema: z.ZodType<T>, json: unknown): { value: T } | { misfit: string } {
  const result = schema.safeParse(json);
  if (result.success) return { value: result.data };
  const shown = result.error.issues.slice(0, 3).map((issue) => describeIssue(issue, json));
  const more = result.error.issues.length - shown.length;
  return { misfit: shown.join("; ") + (more > 0 ? `; and ${more} more` : "") };
}

function describeIssue(issue: z.core.$ZodIssue, json: unknown): string {
  let value = json;
  let owner = "";
  let where = "";
  for (const step of issue.path) {
    value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
    where += typeof step === "number" ? `[${step}]` : `${where && "."}${String(step)}`;
    const email = (value as { primary_email?: unknown } | undefined)?.primary_email;
    if (typeof email === "string") owner = ` of ${email}`;
  }
  return `${where || "the answer"}${owner} is ${quote(value)}: ${issue.message}`;
}

/** A value as evidence in a message: short, on one line. */
function quote(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
