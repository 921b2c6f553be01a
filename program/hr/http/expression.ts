import { compile, search, type JSONValue } from "@jmespath-community/jmespath";
import { z } from "zod";
import { FeedError } from "../row.ts";

/** A JMESPath expression of the configuration, checked with everything else before anything is read. */
export const expression = z
  .string()
  .trim()
  .min(1)
  .superRefine((text, context) => {
    try {
      compile(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: `is no JMESPath expression: ${(error as Error).message}.` });
    }
  });

/** @param setting the key of the expression, for messages: `columns.email` */
export function evaluate(json: unknown, path: string, setting: string): JSONValue {
  if (json === undefined) return null;
  try {
    return search(json as JSONValue, path);
  } catch (error) {
    throw new FeedError(
      `The expression "${path}" (proofpoint:hr.${setting}) cannot be applied to what came back: ${(error as Error).message}. Nothing was changed.`,
    );
  }
}
