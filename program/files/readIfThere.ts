import { readFile } from "node:fs/promises";
import { ErrorForPeople, systemAnswer } from "../../provider/essentials/errors.ts";

/** A file cannot be read or written. */
export class FileError extends ErrorForPeople {}

/** A text file; empty where there is none. @throws FileError for any other fault: an unreadable file is not an empty one */
export async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return "";
    throw new FileError(`Could not read ${path}: ${systemAnswer(error)}.`);
  });
}
