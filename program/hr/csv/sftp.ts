import { createHash } from "node:crypto";
import { z } from "zod";
import { numeric } from "../../../provider/essentials/config.ts";
import type { CsvFile } from "./csv.ts";
import { quote } from "../quote.ts";
import { FeedError } from "../row.ts";
import { redact, secretReference } from "../secret.ts";
import type { SourceContext } from "../sourceContext.ts";
import { OutOfTime, within } from "../within.ts";

/** How to log in to an SFTP drop, besides the user in the path. */
export const sftpKeys = z
  .strictObject({
    /** The server's key, as `ssh-keygen -lf` and OpenSSH print it: SHA256:… */
    hostKey: z
      .string()
      .regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/, "must be the fingerprint of the server's key, SHA256:… (ssh-keyscan HOST | ssh-keygen -lf -)"),
    password: secretReference.optional(),
    privateKey: secretReference.optional(),
    passphrase: secretReference.optional(),
    timeoutSeconds: numeric(z.number().min(1).max(600)).default(60),
  })
  .refine(({ password, privateKey }) => password !== undefined || privateKey !== undefined, "needs a password or a privateKey");
export type SftpSettings = z.infer<typeof sftpKeys>;

const secondLookMs = 1_000;

/** The fingerprint of a host key, the way OpenSSH prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/**
 * Fetches a file from an SFTP drop whose host key is pinned.
 * @param path sftp://user@host:22/folder/hr.csv
 * @throws FeedError where the key is another, the login is refused, or the file is still being written
 */
export async function readSftp(path: string, settings: SftpSettings, { readSecret, sleep }: SourceContext): Promise<CsvFile> {
  const url = new URL(path);
  const name = `the HR feed sftp://${url.host}${url.pathname}`;
  const secret = async (key: "password" | "privateKey" | "passphrase") =>
    settings[key] && { [key]: await readSecret(settings[key], `${key} of the SFTP drop`) };
  const login = { ...(await secret("password")), ...(await secret("privateKey")), ...(await secret("passphrase")) };
  const refuse = (what: string, remedy: string): never => {
    throw new FeedError(`Could not read ${name}: ${what}. ${remedy} Nothing was changed.`);
  };
  const { default: Client } = await import("ssh2-sftp-client");
  const client = new Client();
  let offered = "";
  const fetch = async (): Promise<CsvFile> => {
    await client.connect({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port || 22),
      username: decodeURIComponent(url.username),
      ...login,
      readyTimeout: settings.timeoutSeconds * 1000,
      hostVerifier: (key: Buffer) => {
        offered = fingerprint(key);
        return offered === settings.hostKey.replace(/=+$/, "");
      },
    });
    const file = decodeURIComponent(url.pathname);
    const before = await client.stat(file);
    const bytes = (await client.get(file)) as Buffer;
    await sleep(secondLookMs);
    const after = await client.stat(file);
    if (after.size === bytes.length && after.modifyTime === before.modifyTime)
      return { name, bytes, modified: new Date(after.modifyTime).toISOString() };
    return refuse("it changed while it was read, so somebody is still writing it", "Run again when the export is complete.");
  };
  try {
    return await within(settings.timeoutSeconds * 1000, fetch());
  } catch (error) {
    if (error instanceof FeedError) throw error;
    if (error instanceof OutOfTime)
      return refuse(`it took longer than ${settings.timeoutSeconds} s`, "Run again later, or raise proofpoint:hr.sftp.timeoutSeconds.");
    if (offered !== "" && offered !== settings.hostKey.replace(/=+$/, ""))
      return refuse(
        `the server's key is ${offered}, and proofpoint:hr.sftp.hostKey is ${settings.hostKey}`,
        "Somebody may stand in between. Ask the server's administrator before you change the setting.",
      );
    return refuse(
      quote(redact((error as Error).message, Object.values(login)), 200),
      "Check the address, the login and the path in proofpoint:hr.",
    );
  } finally {
    await within(1_000, client.end()).catch(() => undefined);
  }
}
