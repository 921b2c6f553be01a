import { parseDocument, visit } from "yaml";
import type { z } from "zod";

export interface YamlFile<T> {
  readonly content: string;
  /** For messages. */
  readonly path: string;
  readonly schema: z.ZodType<T>;
  /** Every value as text: 00123 and 12e3 are IDs. Commands write such a file, sorted, so that no entry may point to another. */
  readonly asText?: boolean;
  /** The error for what is wrong with it. */
  readonly fault: (message: string) => Error;
}

/** What a file that people edit says. An empty one is an empty map. Throws its fault with everything that is wrong at once. */
export function parseYaml<T>({ content, path, schema, asText = false, fault }: YamlFile<T>): T {
  // What stands for bytes that are none: written again, they would be lost.
  if (content.includes("\uFFFD")) throw fault(`${path} is not UTF-8. Save it as UTF-8; nothing was changed.`);
  const document = parseDocument(content, { merge: true, ...(asText && { schema: "failsafe" as const }) });
  const [broken] = document.errors;
  if (broken) throw fault(`${path} is not YAML: ${broken.message.split("\n")[0] ?? ""}`);
  if (!asText)
    visit(document, {
      Scalar: (_, { source, value }) => {
        if (typeof value === "number" && /^0\d/.test(source ?? ""))
          throw fault(`${path} has the number ${source}. Write "${source}", in quotes, or without the 0 at its beginning.`);
      },
    });
  if (asText)
    visit(document, {
      Alias: (_, { source }) => {
        throw fault(`${path} has the alias *${source}. Write it out: commands sort the entries.`);
      },
    });
  const given = toValue(
    () => document.toJS() as unknown,
    (why) => fault(`${path} is not YAML: ${why}`),
  );
  const parsed = schema.safeParse(given === null || given === "" || given === undefined ? {} : given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: at, message }) => `  ${at.join(".") || "the file as a whole"}: ${message}`);
  throw fault([`${path} is not right.`, ...problems].join("\n"));
}

/** An alias that stands for nothing shows only here. */
function toValue(read: () => unknown, fault: (why: string) => Error): unknown {
  try {
    return read();
  } catch (error) {
    throw fault((error as Error).message);
  }
}
