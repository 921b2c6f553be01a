import { z } from "zod";
import { secretReference, type ReadSecret } from "../secret.ts";
import type { ClientCertificate } from "./web.ts";

/** The client certificate of mutual TLS: PEM certificate and key, or a PFX (in base64 where it is no file). */
export const certificateSchema = z.union(
  [
    z.strictObject({ certificate: secretReference, privateKey: secretReference, passphrase: secretReference.optional() }),
    z.strictObject({ pfx: secretReference, passphrase: secretReference.optional() }),
  ],
  { error: "must be { certificate, privateKey } or { pfx }, each a reference to a secret" },
);
export type CertificateSettings = z.infer<typeof certificateSchema>;

export async function readCertificate(settings: CertificateSettings, readSecret: ReadSecret): Promise<ClientCertificate> {
  const passphrase = settings.passphrase && (await readSecret(settings.passphrase, "passphrase of the client certificate"));
  const rest = passphrase === undefined ? {} : { passphrase };
  if ("pfx" in settings) return { pfx: Buffer.from(await readSecret(settings.pfx, "client certificate", "base64"), "base64"), ...rest };
  const [cert, key] = await Promise.all([
    readSecret(settings.certificate, "client certificate"),
    readSecret(settings.privateKey, "private key of the client certificate"),
  ]);
  return { cert, key, ...rest };
}
