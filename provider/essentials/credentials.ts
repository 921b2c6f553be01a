import { z } from "zod";
import { readKeyVaultSecret, secretName, secretVersion, vaultUrl } from "../azure/keyVault.ts";
import { ErrorForPeople } from "./errors.ts";

/** An administrator's e-mail address and password, sent as `X-User` and `X-Password`. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable");

/** Where the login comes from (`proofpoint:credentials`). The values themselves are read at run time and kept nowhere. */
export const credentialsSchema = z.discriminatedUnion("source", [
  /** PROOFPOINT_USER and PROOFPOINT_PASSWORD of the environment, or variables that are named: several logins need several. */
  z.strictObject({ source: z.literal("environment"), userVariable: variable.optional(), passwordVariable: variable.optional() }),
  /** proofpoint:apiUser and proofpoint:apiPassword of the stack; the password must be a secret. */
  z.strictObject({ source: z.literal("config") }),
  /** Two secrets of an Azure Key Vault, read with the identity at hand; the newest versions unless others are named. */
  z.strictObject({
    source: z.literal("keyVault"),
    vaultUrl,
    userSecret: secretName.default("pp-api-user"),
    passwordSecret: secretName.default("pp-api-key"),
    userVersion: secretVersion,
    passwordVersion: secretVersion,
  }),
  /** The simulator's public login; refused for any API that is not on the loopback. */
  z.strictObject({ source: z.literal("simulator") }),
]);
export type Credentials = z.infer<typeof credentialsSchema>;

/** The login the simulator is born with. Public, worth nothing anywhere else. */
export const simulatorLogin: Login = { user: "admin@acme.test", password: "simulator" };

/** Raised before any request when a login is incomplete or cannot be sent. */
export class UnusableLogin extends ErrorForPeople {}

/**
 * Reads the login from where it is kept, each time anew: a rotated secret counts from the next run on.
 * @param config reads `apiUser` and `apiPassword` of the stack's configuration, in clear
 * @throws UnusableLogin naming what is missing and where to set it; KeyVaultError naming vault, secret and remedy
 */
export async function readLogin(
  credentials: Credentials,
  config: (key: string) => string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Login> {
  switch (credentials.source) {
    case "simulator":
      return simulatorLogin;
    case "environment": {
      const { userVariable = "PROOFPOINT_USER", passwordVariable = "PROOFPOINT_PASSWORD" } = credentials;
      return complete(
        { user: environment[userVariable], password: environment[passwordVariable] },
        `Set the environment variables ${userVariable} and ${passwordVariable} (proofpoint:credentials.source is environment).`,
      );
    }
    case "keyVault": {
      const { vaultUrl, userSecret, passwordSecret, userVersion, passwordVersion } = credentials;
      const [user, password] = await Promise.all([
        readKeyVaultSecret({ vaultUrl, secret: userSecret, version: userVersion }),
        readKeyVaultSecret({ vaultUrl, secret: passwordSecret, version: passwordVersion }),
      ]);
      return sendable({ user, password }, `Set ${userSecret} and ${passwordSecret} in ${vaultUrl} anew.`);
    }
    case "config":
      return complete(
        { user: config("apiUser"), password: config("apiPassword") },
        "Set them with `pulumi config set proofpoint:apiUser NAME` and `pulumi config set --secret proofpoint:apiPassword` (proofpoint:credentials.source is config).",
      );
  }
}

function complete(login: { user: string | undefined; password: string | undefined }, remedy: string): Login {
  const { user, password } = login;
  if (user && password) return sendable({ user, password }, remedy);
  const missing = [...(user ? [] : ["the user name"]), ...(password ? [] : ["the password"])].join(" and ");
  throw new UnusableLogin(`The Proofpoint login is incomplete: ${missing} ${user || password ? "is" : "are"} missing. ${remedy}`);
}

/** Both travel in HTTP headers, which carry printable ASCII without blanks at the ends and would silently change the rest. */
function sendable(login: Login, remedy: string): Login {
  const unfit = [...(fitsHeader(login.user) ? [] : ["user name"]), ...(fitsHeader(login.password) ? [] : ["password"])];
  if (unfit.length === 0) return login;
  throw new UnusableLogin(
    `The Proofpoint ${unfit.join(" and ")} cannot be sent: it has characters outside ASCII, or a blank or line end at its beginning or end. ${remedy}`,
  );
}

function fitsHeader(text: string): boolean {
  return /^[!-~](?:[ -~]*[!-~])?$/.test(text);
}
