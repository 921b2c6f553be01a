import { z } from "zod";
import { ErrorForPeople } from "./errors.ts";

/** Reads one key of the namespace `proofpoint`, in clear; structured values arrive as JSON text. */
export type ReadConfig = (key: string) => string | undefined;

/** All problems of a configuration, a line each, by key. */
export class InvalidConfig extends ErrorForPeople {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}; nothing was changed.\n${problems.map((line) => `  ${line}`).join("\n")}`,
    );
    this.name = "InvalidConfig";
    this.problems = problems;
  }
}

/** A number, also where it arrives as text: `pulumi config set` makes a text of 12.5, and of every plain value. */
export function numeric<T extends z.ZodType<number, number>>(schema: T) {
  return z.preprocess((value) => (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value), schema);
}

/**
 * Reads the keys a schema names and checks them together.
 * @param present all keys that are set, where a key the schema does not name is a mistake
 * @param otherProblems what the caller found already
 * @throws InvalidConfig with every problem at once
 */
export function readConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  read: ReadConfig,
  present: readonly string[] = [],
  otherProblems: readonly string[] = [],
): z.infer<z.ZodObject<Shape>> {
  const raw = Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => {
      const text = read(key);
      // The project's default for a key that has none is the empty text: it stands for "not set".
      return text === undefined || text === "" ? [] : [[key, accepts(schema.shape[key], text) ? text : parseStructured(text)]];
    }),
  );
  const others = present
    .filter((key) => !(key in schema.shape))
    .map((key) => notASetting(`proofpoint:${key}`))
    .concat(otherProblems);
  const result = schema.safeParse(raw);
  if (result.success && others.length === 0) return result.data;
  throw new InvalidConfig([...(result.error?.issues ?? []).flatMap((issue) => describe(issue, raw)), ...others]);
}

/** A key that takes text gets it as it is: a password may look like JSON. */
function accepts(type: z.core.$ZodType | undefined, text: string): boolean {
  return type !== undefined && z.safeParse(type, text).success;
}

/** Only objects and lists are JSON; a plain word or number stays the text it is, and the schema decides. */
function parseStructured(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function describe(issue: z.core.$ZodIssue, raw: unknown): string[] {
  const path = issue.path.map(String);
  const [key = "", ...rest] = path;
  const name = `proofpoint:${[key, ...rest].join(".")}`;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((unknown) => notASetting(`${name}.${unknown}`));
  }
  const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], raw);
  if (value === undefined) return [`${name} is missing. ${howToSet(key, rest)}`];
  // What a reference to a secret should be may be the secret itself: such a value is not repeated.
  const options = issue.code === "invalid_union" ? [...issue.message.matchAll(/'([^']+)'/g)].map(([, option]) => option) : [];
  if (options.length > 0) return [`${name} is ${JSON.stringify(value)}; use ${options.join(" or ")}.`];
  if (issue.code === "invalid_union" && issue.message !== "Invalid input") return [`${name} ${issue.message}.`];
  if (issue.code === "custom") return [`${name} ${issue.message}`];
  return [`${name} is ${JSON.stringify(value)}; ${demand(issue)}.`];
}

function notASetting(name: string): string {
  return `${name} is not a setting. Remove it or correct its spelling.`;
}

function howToSet(key: string, rest: readonly string[]): string {
  const name = `proofpoint:${[key, ...rest].join(".")}`;
  return `Set it with \`pulumi config set ${rest.length > 0 ? "--path " : ""}${name} VALUE\`.`;
}

const kinds: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function demand(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `it must be ${kinds[issue.expected] ?? issue.expected}`;
    case "too_small":
      return issue.origin === "string" ? "it must not be empty" : `it must be at least ${issue.minimum}`;
    case "too_big":
      return `it must be at most ${issue.maximum}`;
    case "invalid_value":
      return `use ${issue.values.map(String).join(" or ")}`;
    default:
      return issue.message;
  }
}
