import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { CsvFile } from "./csv.ts";
import { FeedError } from "../row.ts";
import type { SourceContext } from "../sourceContext.ts";
import { systemAnswer } from "../../../provider/essentials/errors.ts";

/** A file changed so recently may still be being written: it is looked at a second time. */
const recentMs = 60_000;
const secondLookMs = 500;

export interface FileSettings {
  /** Absolute, or relative to the project's root. */
  readonly path: string;
}

/**
 * Reads a file whole.
 * @throws FeedError where there is none, or where somebody is still writing it
 */
export async function readHrFile({ path }: FileSettings, { projectRoot, sleep, now }: SourceContext): Promise<CsvFile> {
  const file = resolve(projectRoot, path);
  const name = `the HR feed ${file}`;
  const refuse = (what: string, remedy: string): never => {
    throw new FeedError(`Could not read ${name}: ${what}. ${remedy} Nothing was changed.`);
  };
  try {
    const before = await stat(file);
    const bytes = await readFile(file);
    if (now() - before.mtimeMs < recentMs) await sleep(secondLookMs);
    const after = await stat(file);
    if (after.size === bytes.length && after.mtimeMs === before.mtimeMs) return { name, bytes, modified: after.mtime.toISOString() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refuse(
      code === "ENOENT" ? "there is no such file" : systemAnswer(error),
      "Check proofpoint:hr.path; it is relative to the project's root.",
    );
  }
  return refuse("it changed while it was read, so somebody is still writing it", "Run again when the export is complete.");
}
