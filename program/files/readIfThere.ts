import { readFile } from "node:fs/promises";

/** A text file; empty where there is none. Any other fault is one: an unreadable file is not an empty one. */
export async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
}
