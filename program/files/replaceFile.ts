import { rename, writeFile } from "node:fs/promises";

/** Whole or not at all: whoever reads a file while it is written, or after a power cut, has the old one or the new one. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const next = `${path}.new`;
  await writeFile(next, content);
  await rename(next, path);
}
