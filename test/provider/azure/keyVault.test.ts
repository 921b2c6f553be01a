import { expect } from "chai";
import { KeyVaultError, keyVaultReference, readKeyVaultSecret } from "../../../provider/azure/keyVault.ts";
import { createReadSecret } from "../../../program/hr/secret.ts";
import { rejection } from "../../support/api.ts";
import { startAzure, type FakeAzure } from "../../support/azure.ts";
import type { VaultAnswer } from "../../support/vault.ts";

const vaultUrl = "https://acme.vault.azure.net";
const id = `${vaultUrl}/secrets/hr`;
const failure = (status: number, code: string, inner?: string): VaultAnswer => ({
  status,
  body: {
    error: { code, message: `It is ${code}${inner === undefined ? "" : ` ${inner}`}.`, ...(inner && { innererror: { code: inner } }) },
  },
});
const yesterday = Math.floor(Date.now() / 1000) - 86_400;
const answers: Record<string, VaultAnswer> = {
  "/secrets/hr/": { status: 200, body: { value: "s3cret-word", id, attributes: { enabled: true } } },
  "/secrets/hr/v1": { status: 200, body: { value: "s3cret-old", id: `${id}/v1`, attributes: { enabled: true } } },
  "/secrets/expired/": { status: 200, body: { value: "s3cret-word", id, attributes: { enabled: true, exp: yesterday } } },
  "/secrets/disabled/": failure(403, "Forbidden", "SecretDisabled"),
  "/secrets/forbidden/": failure(403, "Forbidden"),
  "/secrets/gone/": failure(404, "SecretNotFound"),
  "/secrets/badtoken/": failure(401, "Unauthorized"),
};

describe("Key Vault, with the production code as it is", function () {
  this.timeout(30_000);
  let azure: FakeAzure;
  before(async () => {
    azure = await startAzure((path) => answers[path] ?? failure(404, "SecretNotFound"));
  });
  after(() => azure.close());

  it("gives a secret to the identity at hand, the newest version or a certain one", async () => {
    expect(await readKeyVaultSecret({ vaultUrl, secret: "hr" })).to.equal("s3cret-word");
    expect(await readKeyVaultSecret({ vaultUrl, secret: "hr", version: "v1" })).to.equal("s3cret-old");
    expect(azure.asked.at(-1)).to.deep.equal({ path: "/secrets/hr/v1", token: "identity-token" });
  });

  it("is a reference like any other for the HR sources", async () => {
    expect(await createReadSecret({}, "/")({ vaultUrl, secret: "hr" }, "password")).to.equal("s3cret-word");
  });

  for (const [secret, says] of [
    ["gone", "there is no such secret"],
    ["disabled", "it is disabled"],
    ["expired", "it expired on "],
    ["forbidden", "the role Key Vault Secrets User"],
    ["badtoken", "the vault refused the identity"],
  ] as const) {
    it(`that does not give ${secret}: one sentence with vault, secret and what to do`, async () => {
      const error = await rejection(readKeyVaultSecret({ vaultUrl, secret }));
      expect(error).to.be.instanceOf(KeyVaultError);
      expect(error.message).to.contain(`the secret ${secret} of ${vaultUrl}`).and.contain(says).and.not.contain("s3cret");
      expect(error.message.split("\n")).to.have.length(1);
    });
  }

  it("that cannot be reached is said to be so", async () => {
    const proxy = process.env["HTTPS_PROXY"];
    process.env["HTTPS_PROXY"] = "http://127.0.0.1:9";
    try {
      const error = await rejection(readKeyVaultSecret({ vaultUrl: "https://other.vault.azure.net", secret: "hr" }));
      expect(error.message).to.contain("cannot be reached");
    } finally {
      process.env["HTTPS_PROXY"] = proxy;
    }
  });

  it("is named by an https address and the name of a secret", () => {
    expect(keyVaultReference.safeParse({ vaultUrl: "http://acme.vault.azure.net", secret: "hr" }).success).to.equal(false);
    expect(keyVaultReference.safeParse({ vaultUrl, secret: "a/b" }).success).to.equal(false);
  });
});
