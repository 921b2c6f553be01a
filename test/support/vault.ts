import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt, publicEncrypt } from "node:crypto";

export interface VaultAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Answers one request to a vault; the path has no query. */
export type Vault = (path: string, body: string) => VaultAnswer;

const missing = (what: string): VaultAnswer => ({ status: 404, body: { error: { code: `${what}NotFound`, message: "It is not there." } } });

/**
 * A vault with secrets by name, which may change, and one RSA key by the name `pulumi` that encrypts and decrypts with
 * RSA-OAEP-256, as `azurekeyvault://` asks for.
 */
export function createVault(vaultUrl: string, secrets: Readonly<Record<string, string>>): Vault {
  const { privateKey: pem } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const key = { key: createPrivateKey(pem), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  const use = { encrypt: publicEncrypt, decrypt: privateDecrypt };
  return (path, body) => {
    const [kind, name = "", version = "", operation] = path.split("/").slice(1);
    if (kind === "secrets") {
      const value = secrets[name];
      if (value === undefined) return missing("Secret");
      return { status: 200, body: { value, id: `${vaultUrl}/secrets/${name}`, attributes: { enabled: true } } };
    }
    if (kind !== "keys" || name !== "pulumi" || (operation !== "encrypt" && operation !== "decrypt")) return missing("Key");
    const { value } = JSON.parse(body) as { value: string };
    const result = use[operation](key, Buffer.from(value, "base64url"));
    return { status: 200, body: { kid: `${vaultUrl}/keys/${name}/${version}`, value: result.toString("base64url") } };
  };
}
