import { z } from "zod";
import { ErrorForPeople } from "../essentials/errors.ts";

const example = "must be the vault's address, such as https://acme-hr.vault.azure.net";
export const vaultUrl = z.url({ protocol: /^https$/, error: example }).refine((url) => new URL(url).pathname === "/", example);
export const secretName = z
  .string()
  .refine((name) => /^[0-9A-Za-z-]{1,127}$/.test(name), "must be the name of a secret: letters, digits and dashes");
export const secretVersion = z.string().min(1).optional();

/** Where a secret is kept in Azure Key Vault. Names only; the value is read at run time. */
export const keyVaultReference = z.strictObject({ vaultUrl, secret: secretName, version: secretVersion });
export type KeyVaultReference = z.infer<typeof keyVaultReference>;

/** A secret could not be had from its vault. */
export class KeyVaultError extends ErrorForPeople {}

const role = "Key Vault Secrets User";
const retries = { maxRetries: 2, retryDelayInMs: 400, maxRetryDelayInMs: 2_000 };

/**
 * Reads one secret with the identity at hand: managed identity, workload identity or the CLI's login. Azure's packages
 * are loaded here and nowhere else, because they cost a fifth of a second and 90 MB.
 * @throws KeyVaultError naming vault and secret, never its value
 */
export async function readKeyVaultSecret({ vaultUrl, secret, version }: KeyVaultReference): Promise<string> {
  const what = `the secret ${secret} of ${vaultUrl}`;
  const refuse = (why: string, remedy: string): never => {
    throw new KeyVaultError(`Could not read ${what}: ${why}. ${remedy} Nothing was changed.`);
  };
  const [{ DefaultAzureCredential }, { SecretClient }] = await Promise.all([import("@azure/identity"), import("@azure/keyvault-secrets")]);
  const client = new SecretClient(vaultUrl, new DefaultAzureCredential(), { retryOptions: retries });
  try {
    const { value, properties } = await client.getSecret(secret, version === undefined ? {} : { version });
    if (properties.expiresOn && properties.expiresOn.getTime() <= Date.now())
      return refuse(`it expired on ${properties.expiresOn.toISOString()}`, "Set a new version with a later expiry.");
    if (!value) return refuse("it is empty", "Set a new version.");
    return value;
  } catch (error) {
    if (error instanceof KeyVaultError) throw error;
    const [why, remedy] = explain(error as AzureError);
    return refuse(why, remedy);
  }
}

interface AzureError {
  readonly name?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
}

function explain(error: AzureError): [why: string, remedy: string] {
  const { name, code, statusCode, message = "" } = error;
  if (name === "CredentialUnavailableError" || name === "AggregateAuthenticationError" || name === "AuthenticationError")
    return ["there is no Azure identity to log in with", "Run `az login`, or give the machine a managed identity."];
  if (statusCode === 404) return ["there is no such secret", "Check its name, or create it."];
  if (statusCode === 403 && /SecretDisabled|disabled/i.test(message)) return ["it is disabled", "Enable it, or set a new version."];
  if (statusCode === 403) return ["the identity may not read it", `Give the identity the role ${role} on the vault.`];
  if (statusCode === 401) return ["the vault refused the identity", "Check the tenant of the identity and of the vault."];
  if (statusCode !== undefined) return [`the vault answered ${statusCode}`, "Run again later."];
  return [`the vault cannot be reached (${code ?? name ?? "no answer"})`, "Check its address and the network."];
}
