import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { outcomeLine as outcomeOf } from "../../tools/pipeline/outcomeLine.ts";

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const digest = `sha256:${"a".repeat(64)}`;
const registry =
  "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/shared/providers/Microsoft.ContainerRegistry/registries/acmeimages";
const config = {
  "proofpoint-azure:location": "westeurope",
  "proofpoint-azure:name": "acme-proofpoint",
  "proofpoint-azure:image": `acmeimages.azurecr.io/proofpoint@${digest}`,
  "proofpoint-azure:registry": registry,
  "proofpoint-azure:alertEmails": JSON.stringify(["ops@acme.test"]),
  "proofpoint-azure:gitHub": JSON.stringify({ repository: "acme/mail" }),
  "proofpoint-azure:azureDevOps": JSON.stringify({
    issuer: "https://vstoken.dev.azure.com/00000000-0000-0000-0000-000000000003",
    subject: "sc://acme/mail/proofpoint",
  }),
};

describe("The program, with mocks in place of Azure", () => {
  const made: Made[] = [];
  let outputs: Record<string, unknown>;

  before(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs, id }) => {
          made.push({ type, name, inputs: inputs as Record<string, unknown> });
          const known = {
            "azure-native:keyvault:Key": { keyUriWithVersion: "https://acme-proofpoint-kv.vault.azure.net/keys/pulumi/0123456789abcdef" },
            "azure-native:keyvault:Vault": {
              name: "acme-proofpoint-kv",
              properties: { ...(inputs as { properties?: object }).properties, vaultUri: "https://acme-proofpoint-kv.vault.azure.net/" },
            },
            "azure-native:storage:StorageAccount": { name: "acmeproofpointstate" },
            "azure-native:storage:BlobContainer": { name: "state" },
            "azure-native:managedidentity:UserAssignedIdentity": {
              clientId: "the-client",
              principalId: "the-principal",
              name: "acme-proofpoint-identity",
            },
          }[type];
          return { id: id || `/made/${name}`, state: { ...(inputs as object), ...known } };
        },
        call: ({ token }) =>
          token === "azure-native:authorization:getClientConfig" ? { tenantId: "the-tenant", subscriptionId: "the-subscription" } : {},
      },
      "proofpoint-azure",
      "prod",
      false,
    );
    for (const [key, value] of Object.entries(config)) pulumi.runtime.setConfig(key, value);
    const exported = (await import("../index.ts")) as Record<string, pulumi.Output<unknown>>;
    outputs = await new Promise((resolve) => pulumi.all({ ...exported }).apply(resolve));
    // Everything has been registered once nothing is under way any more.
    await pulumi.runtime.disconnect();
  });

  const all = (type: string) => made.filter((each) => each.type === `azure-native:${type}`);
  const one = (type: string): Record<string, unknown> => {
    expect(all(type), type).to.have.length(1);
    return all(type)[0]!.inputs;
  };

  it("makes these and nothing else", () => {
    const kinds = Object.entries(Object.groupBy(made, ({ type }) => type.replace("azure-native:", "")));
    expect(Object.fromEntries(kinds.map(([type, each]) => [type, each?.length]))).to.deep.equal({
      "resources:ResourceGroup": 1,
      "operationalinsights:Workspace": 1,
      "keyvault:Vault": 1,
      "keyvault:Key": 1,
      "monitor:DiagnosticSetting": 2,
      "storage:StorageAccount": 1,
      "storage:BlobServiceProperties": 1,
      "storage:ManagementPolicy": 1,
      "storage:BlobContainer": 1,
      "managedidentity:UserAssignedIdentity": 1,
      "managedidentity:FederatedIdentityCredential": 5,
      "authorization:RoleAssignment": 4,
      "app:ManagedEnvironment": 1,
      "app:Job": 1,
      "monitor:ActionGroup": 1,
      "monitor:ScheduledQueryRule": 2,
    });
  });

  it("a vault for roles only, which nobody can purge, whose reads are logged", () => {
    expect(one("keyvault:Vault")["properties"]).to.include({
      tenantId: "the-tenant",
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
      enabledForDeployment: false,
      enabledForTemplateDeployment: false,
      enabledForDiskEncryption: false,
    });
    expect(one("keyvault:Vault")["properties"]).to.not.have.property("accessPolicies");
    const audit = all("monitor:DiagnosticSetting").find(({ name }) => name === "vault-audit")?.inputs;
    expect(audit).to.deep.include({
      resourceUri: "/made/vault",
      workspaceId: "/made/logs",
      logs: [{ category: "AuditEvent", enabled: true }],
    });
  });

  it("a key that wraps and nothing else, and no secret: what Pulumi makes stands in its state", () => {
    expect(one("keyvault:Key")["properties"]).to.deep.equal({ kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] });
    expect(all("keyvault:Secret")).to.deep.equal([]);
    expect(JSON.stringify(made)).to.not.match(/password|accountKey|connectionString|clientSecret|sharedKey"/i);
  });

  it("storage without keys and without the public, with versions", () => {
    expect(one("storage:StorageAccount")).to.deep.include({
      accountName: "acmeproofpointstate",
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      sku: { name: "Standard_ZRS" },
    });
    expect(one("storage:BlobServiceProperties")).to.deep.include({
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 30 },
      containerDeleteRetentionPolicy: { enabled: true, days: 30 },
    });
    const { rules } = one("storage:ManagementPolicy")["policy"] as { rules: { enabled: boolean; definition: object }[] };
    expect(rules).to.have.length(1);
    expect(rules[0]?.definition).to.deep.include({ actions: { version: { delete: { daysAfterCreationGreaterThan: 30 } } } });
    expect(one("storage:BlobContainer")).to.include({ containerName: "state", publicAccess: "None" });
  });

  it("an identity that the environments of one repository and one service connection may use, and nobody else", () => {
    const trusted = all("managedidentity:FederatedIdentityCredential").map(({ inputs }) => [
      inputs["issuer"],
      inputs["subject"],
      inputs["audiences"],
    ]);
    const gitHub = "https://token.actions.githubusercontent.com";
    const audiences = ["api://AzureADTokenExchange"];
    expect(trusted).to.deep.equal([
      [gitHub, "repo:acme/mail:environment:preview", audiences],
      [gitHub, "repo:acme/mail:environment:drift", audiences],
      [gitHub, "repo:acme/mail:environment:staging", audiences],
      [gitHub, "repo:acme/mail:environment:prod", audiences],
      ["https://vstoken.dev.azure.com/00000000-0000-0000-0000-000000000003", "sc://acme/mail/proofpoint", audiences],
    ]);
  });

  it("four roles, each on the smallest thing that has it", () => {
    const granted = all("authorization:RoleAssignment").map(({ inputs }) => ({
      ...inputs,
      role: String(inputs["roleDefinitionId"]).split("/").at(-1),
    }));
    const principal = { principalId: "the-principal", principalType: "ServicePrincipal" };
    const expected = [
      ["Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", "/made/vault"],
      ["Key Vault Crypto User", "12338af0-0e69-4776-bea7-57ae8d297424", "/made/key"],
      ["Storage Blob Data Contributor", "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "/made/state"],
      ["AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d", registry],
    ];
    expect(granted).to.have.length(expected.length);
    for (const [description, role, scope] of expected)
      expect(granted.find((each) => each.role === role)).to.include({ ...principal, description, scope });
  });

  it("a job on a schedule that runs the stacks as the identity, once, with no secret", () => {
    const job = one("app:Job");
    expect(job["identity"]).to.deep.equal({ type: "UserAssigned", userAssignedIdentities: ["/made/identity"] });
    expect(job["configuration"]).to.deep.equal({
      triggerType: "Schedule",
      scheduleTriggerConfig: { cronExpression: "30 3 * * *", parallelism: 1, replicaCompletionCount: 1 },
      replicaTimeout: 3600,
      replicaRetryLimit: 0,
      registries: [{ server: "acmeimages.azurecr.io", identity: "/made/identity" }],
    });
    const [container] = (job["template"] as { containers: Record<string, unknown>[] }).containers;
    expect(container).to.deep.include({
      image: `acmeimages.azurecr.io/proofpoint@${digest}`,
      args: ["apply", "-s", "staging", "-s", "prod"],
      env: [
        { name: "PULUMI_BACKEND_URL", value: "azblob://state?storage_account=acmeproofpointstate" },
        { name: "AZURE_CLIENT_ID", value: "the-client" },
      ],
    });
  });

  it("logs without a key, from the environment of the jobs", () => {
    expect(one("app:ManagedEnvironment")["appLogsConfiguration"]).to.deep.equal({ destination: "azure-monitor" });
    expect(one("operationalinsights:Workspace")["features"]).to.include({ disableLocalAuth: true });
    const logs = all("monitor:DiagnosticSetting").find(({ name }) => name === "job-logs")?.inputs;
    expect(logs).to.deep.include({ resourceUri: "/made/environment", logAnalyticsDestinationType: "Dedicated" });
  });

  it("alerts when a run fails, and when none has succeeded in 26 hours, by the line a run ends with", () => {
    const rules = Object.fromEntries(
      all("monitor:ScheduledQueryRule").map(({ name, inputs }) => [name, inputs as { criteria: { allOf: Record<string, unknown>[] } }]),
    );
    const [failed] = rules["run-failed"]!.criteria.allOf;
    expect(failed).to.include({ operator: "GreaterThan", threshold: 0, metricMeasureColumn: "runs" });
    expect(failed?.["query"])
      .to.contain(`startswith "${outcomeOf(1)}"`)
      .and.contain("ago(1h)");
    const [missing] = rules["none-succeeded"]!.criteria.allOf;
    expect(missing).to.include({ operator: "LessThan", threshold: 1, metricMeasureColumn: "runs" });
    expect(missing?.["query"])
      .to.contain(`startswith "${outcomeOf(0)}"`)
      .and.contain("ago(26h)");
    for (const rule of Object.values(rules))
      expect(rule).to.deep.include({ enabled: true, actions: { actionGroups: ["/made/people"] }, scopes: ["/made/logs"] });
    expect(one("monitor:ActionGroup")["emailReceivers"]).to.deep.equal([
      { name: "ops@acme.test", emailAddress: "ops@acme.test", useCommonAlertSchema: true },
    ]);
  });

  it("outputs exactly what a stack and a pipeline are configured with", () => {
    expect(outputs).to.deep.equal({
      backendUrl: "azblob://state?storage_account=acmeproofpointstate",
      vaultUrl: "https://acme-proofpoint-kv.vault.azure.net",
      secretsProvider: "azurekeyvault://acme-proofpoint-kv.vault.azure.net/keys/pulumi/0123456789abcdef",
      clientId: "the-client",
      tenantId: "the-tenant",
      subscriptionId: "the-subscription",
    });
  });
});

describe("The inputs", () => {
  const read = async (overrides: Record<string, string>) => {
    const { readInputs } = await import("../inputs.ts");
    pulumi.runtime.setAllConfig({ ...config, ...overrides });
    return readInputs(new pulumi.Config("proofpoint-azure"));
  };
  const refusal = async (overrides: Record<string, string>) => {
    try {
      await read(overrides);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  it("have these defaults", async () => {
    expect(await read({})).to.deep.include({ stacks: ["staging", "prod"], schedule: "30 3 * * *", redundancy: "Standard_ZRS" });
    const without = await read({ "proofpoint-azure:image": "", "proofpoint-azure:alertEmails": "[]" });
    expect(without.image).to.equal(undefined);
  });

  it("are refused all at once, by key, before anything is made", async () => {
    const said = await refusal({
      "proofpoint-azure:location": "",
      "proofpoint-azure:name": "Acme_Proofpoint",
      "proofpoint-azure:image": "acme/proofpoint:latest",
      "proofpoint-azure:schedule": "every night",
      "proofpoint-azure:gitHub": JSON.stringify({ repository: "acme", enviroments: [] }),
      "proofpoint-azure:redundancy": "none",
    });
    expect(said).to.match(/^The configuration is not right; nothing was changed\./);
    expect(await refusal({ "proofpoint-azure:schedul": "0 3 * * *" })).to.contain("  schedul: is no key of this project");
    for (const key of ["location", "name", "image", "schedule", "gitHub.repository", "gitHub", "redundancy"])
      expect(said, key).to.contain(`  ${key}: `);
  });

  it("say who is told where there is a job, which runs every day", async () => {
    expect(await refusal({ "proofpoint-azure:alertEmails": "[]" })).to.contain("  alertEmails: must say who is told when a run fails");
    for (const schedule of ["30 3 * * 1-5", "0 4 1 * *", "* * *"])
      expect(await refusal({ "proofpoint-azure:schedule": schedule }), schedule).to.contain("runs every day");
    expect(await refusal({ "proofpoint-azure:schedule": "15 3,15 * * *" })).to.equal("");
  });

  it("name an image by its digest, and names Azure takes", async () => {
    expect(await refusal({ "proofpoint-azure:image": "acme/proofpoint:1.0" })).to.contain("with its digest");
    for (const name of ["ab", "a".repeat(19), "1acme", "acme-", "ac--me"])
      expect(await refusal({ "proofpoint-azure:name": name }), name).to.contain("  name: ");
    for (const name of ["abc", "a".repeat(18)]) expect(await refusal({ "proofpoint-azure:name": name }), name).to.equal("");
  });
});

describe("The container image", () => {
  it("has a pinned base, is not root, and is given no secret", async () => {
    const dockerfile = await readFile(new URL("../Dockerfile", import.meta.url), "utf8");
    const lines = dockerfile.split("\n").filter((line) => !line.startsWith("#"));
    const bases = lines.filter((line) => line.startsWith("FROM "));
    expect(bases).to.not.deep.equal([]);
    for (const base of bases) expect(base).to.match(/^FROM \S+:\S+@sha256:[0-9a-f]{64}( AS \w+)?$/);
    expect(lines.filter((line) => line.startsWith("USER ")).at(-1)).to.equal("USER node");
    expect(dockerfile).to.not.match(/^(ARG|ENV) .*(PASSWORD|SECRET|TOKEN|KEY)/im);
    const ignored = (await readFile(new URL("../../.dockerignore", import.meta.url), "utf8")).split("\n");
    expect(ignored).to.include.members([".git", "**/*.csv", "**/.env", "**/*.pem", "**/*.key", "**/*.pfx", "out"]);
  });
});
