import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { keyVaultReference, readKeyVaultSecret } from "../../provider/azure/keyVault.ts";
import { FeedError } from "./row.ts";
import { systemAnswer } from "../../provider/essentials/errors.ts";

/** Where a secret of an HR source comes from. The stack's file holds the reference, never the value. */
export const secretReference = z.union(
  [
    /** The name of an environment variable. */
    z.strictObject({
      environment: z.string().refine((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), "must be the name of an environment variable"),
    }),
    /** A file only this program's user can read, absolute or relative to the project. */
    z.strictObject({ file: z.string().trim().min(1) }),
    keyVaultReference,
  ],
  { error: "must say where the secret is: { environment: NAME }, { file: PATH } or { vaultUrl: https://…, secret: NAME }" },
);
export type SecretReference = z.infer<typeof secretReference>;

/** Reads secrets of a run. `what` names one in messages: `the HR database's connection`. */
export type ReadSecret = (reference: SecretReference, what: string, form?: SecretForm) => Promise<string>;

/** `base64`: bytes; a file has them as they are, anything else has them in base64 already. */
export type SecretForm = "text" | "base64";

export function createReadSecret(environment: Readonly<Record<string, string | undefined>>, projectRoot: string): ReadSecret {
  return async (reference, what, form = "text") => {
    if ("vaultUrl" in reference) return readKeyVaultSecret(reference);
    if ("environment" in reference) {
      const value = environment[reference.environment];
      if (value) return value;
      throw new FeedError(`There is no ${what}: the environment variable ${reference.environment} is not set. Nothing was changed.`);
    }
    const path = resolve(projectRoot, reference.file);
    const text = await readFile(path, form === "text" ? "utf8" : "base64").catch((error: unknown) => {
      throw new FeedError(`There is no ${what}: reading ${path}, ${systemAnswer(error)}. Nothing was changed.`);
    });
    return text.trimEnd();
  };
}

/** Takes secrets out of text that came from outside, in each form they could come back in, and people's addresses. */
export function redact(text: string, secrets: readonly string[]): string {
  return withoutSecrets(text, secrets).replace(/[^\s"'<>(),;:=]+@[^\s"'<>(),;:=]+/g, "[address]");
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ _: secret }).toString().slice(2),
      Buffer.from(secret).toString("base64"),
    ])
    .reduce((clean, form) => clean.replaceAll(form, "[redacted]"), text);
}
