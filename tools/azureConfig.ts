import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { asCommand } from "./cli/asCommand.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { pulumiJson } from "./stackConfig.ts";

const usage = `npm run azure:config -- -s STACK [--for STACK …]

Prints what stacks are to be configured with, from the outputs of a stack of the project in azure/: nothing in it is secret.
  --for STACK   which ones; staging and prod`;

const outputsSchema = z.object({
  backendUrl: z.string(),
  vaultUrl: z.string(),
  secretsProvider: z.string(),
  clientId: z.string(),
  tenantId: z.string(),
  subscriptionId: z.string(),
});
export type AzureOutputs = z.infer<typeof outputsSchema>;

/** Lines to paste, each where its comment says. */
export function describeConfig(stacks: readonly string[], outputs: AzureOutputs): string {
  const { backendUrl, vaultUrl, secretsProvider, clientId, tenantId, subscriptionId } = outputs;
  const files = stacks.map(
    (stack) => `# Pulumi.${stack}.yaml
config:
  proofpoint:credentials:
    source: keyVault
    vaultUrl: ${vaultUrl}
  proofpoint:report: out/${stack}
`,
  );
  const init = stacks.map((stack) => `npm run pulumi -- stack init ${stack} --secrets-provider=${secretsProvider}`);
  return `${files.join("\n")}
# Your shell; the same value in the variables of the repository, or in the variable group proofpoint
export PULUMI_BACKEND_URL='${backendUrl}'

# The variables of the repository besides, for GitHub Actions
AZURE_CLIENT_ID=${clientId}
AZURE_TENANT_ID=${tenantId}
AZURE_SUBSCRIPTION_ID=${subscriptionId}

# Once, after az login
${init.join("\n")}
`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { stack: { type: "string", short: "s" }, for: { type: "string", multiple: true }, help: { type: "boolean" } },
  });
  if (values.help || values.stack === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const folder = fileURLToPath(new URL("../azure", import.meta.url));
  const args = ["stack", "output", "--json", "--stack", values.stack, "--cwd", folder];
  const outputs = outputsSchema.safeParse(await pulumiJson(args, await preparePulumi(undefined)));
  if (!outputs.success)
    throw new Error(`The stack ${values.stack} in azure/ has not all its outputs. Run: npm run azure -- up -s ${values.stack}`);
  console.log(describeConfig(values.for ?? ["staging", "prod"], outputs.data));
  return 0;
}

if (import.meta.main) {
  await asCommand(main);
}
