import { expect } from "chai";
import { parse } from "yaml";
import { describeConfig } from "../../tools/azureConfig.ts";
import { credentialsSchema } from "../../provider/essentials/credentials.ts";

describe("npm run azure:config", () => {
  const text = describeConfig(["staging", "prod"], {
    backendUrl: "azblob://state?storage_account=acmestate",
    vaultUrl: "https://acme-kv.vault.azure.net",
    secretsProvider: "azurekeyvault://acme-kv.vault.azure.net/keys/pulumi/0123",
    clientId: "c",
    tenantId: "t",
    subscriptionId: "s",
  });

  it("prints a block that is a valid configuration", () => {
    const [block = ""] = text.split("\n\n");
    const { config } = parse(block) as { config: Record<string, unknown> };
    expect(block).to.contain("# Pulumi.staging.yaml");
    expect(config["proofpoint:report"]).to.equal("out/staging");
    expect(credentialsSchema.parse(config["proofpoint:credentials"])).to.include({
      source: "keyVault",
      vaultUrl: "https://acme-kv.vault.azure.net",
      userSecret: "pp-api-user",
    });
  });

  it("and what a shell and a pipeline need", () => {
    for (const line of [
      "export PULUMI_BACKEND_URL='azblob://state?storage_account=acmestate'",
      "AZURE_CLIENT_ID=c",
      "npm run pulumi -- stack init prod --secrets-provider=azurekeyvault://acme-kv.vault.azure.net/keys/pulumi/0123",
    ])
      expect(text.split("\n")).to.include(line);
  });
});
