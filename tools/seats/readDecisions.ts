import { readFile } from "node:fs/promises";
import { parseDecisions, type LineDecision } from "../../seats/decisions.ts";

/** What was decided so far; nothing where there is no file yet. */
export async function readDecisions(path: string): Promise<readonly LineDecision[]> {
  const content = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  return parseDecisions(content, path);
}
