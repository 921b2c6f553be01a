import type { z } from "zod";
import { EssentialsError } from "./errors.ts";
import { checkShape } from "./json.ts";

/** @throws EssentialsError that quotes what did not fit */
export function expectShape<T>(schema: z.ZodType<T>, json: unknown, attempt: string): T {
  const checked = checkShape(schema, json);
  if ("value" in checked) return checked.value;
  throw new EssentialsError({
    code: "unexpected_response",
    attempt,
    cameBack: `the answer does not fit what is known of the API: ${checked.misfit}`,
    advice: "Report it with this line; a newer version may know the form.",
  });
}
