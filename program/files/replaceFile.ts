import { chmod, mkdir, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FileError } from "./readIfThere.ts";
import { systemAnswer } from "../../provider/essentials/errors.ts";

/**
 * Whole or not at all: whoever reads a file while it is written, or after a power cut, has the old one or the new one. A link
 * goes on pointing to its file, and whoever may read that may read it still. Its folder is made.
 * @throws FileError
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const file = await realpath(path).catch(() => path);
  const next = `${file}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(next, content, { flush: true });
    const before = await stat(file).catch(() => undefined);
    if (before) await chmod(next, before.mode);
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true }).catch(() => undefined);
    throw new FileError(`Could not write ${path}: ${systemAnswer(error)}. It is as it was; run again once it can be written.`);
  }
  await syncFolder(dirname(file));
}

/** A file that is new, or has another name, is there after a power cut only once its folder is on the disk. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folder, and some shares sync none: both keep their names by themselves.
  const folder = await open(path).catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
