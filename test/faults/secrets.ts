import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A secret in every form it could be written: plain, URL-encoded, as JSON text, and in base64 at each of three offsets. */
export function formsOf(secret: string): readonly string[] {
  const shifted = [0, 1, 2].map((offset) => {
    const encoded = Buffer.from("x".repeat(offset) + secret).toString("base64");
    // The characters at both ends also depend on what stands beside the secret.
    return encoded.slice(offset === 0 ? 0 : 4, -4);
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...shifted, ...shifted.map(toUrlSafe)];
}

function toUrlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

export function mentions(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => formsOf(secret).some((form) => text.includes(form)));
}

/** Files below a folder that contain a secret in any form. Links are not followed: they lead to this project's own code. */
export async function filesThatMention(folder: string, secrets: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isDirectory()) found.push(...(await filesThatMention(path, secrets)));
    else if (stats?.isFile()) {
      const bytes = await readFile(path);
      const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
      if (mentions(text, secrets)) found.push(path);
    }
  }
  return found;
}
