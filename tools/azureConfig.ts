import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { pulumiJson } from "./stackConfig.ts";

const usage = `npm run azure:config -- -s STACK

Prints what the stack STACK is to be configured with, from the outputs of the project in azure/: nothing in it is secret.`;

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
export function describeConfig(stack: string, outputs: AzureOutputs): string {
  const { backendUrl, vaultUrl, secretsProvider, clientId, tenantId, subscriptionId } = outputs;
  return `# Pulumi.${stack}.yaml
config:
  proofpoint:credentials:
    source: keyVault
    vaultUrl: ${vaultUrl}

# Your shell, the variables of the repository, or the variable group proofpoint
PULUMI_BACKEND_URL=${backendUrl}

# The variables of the repository besides, for GitHub Actions
AZURE_CLIENT_ID=${clientId}
AZURE_TENANT_ID=${tenantId}
AZURE_SUBSCRIPTION_ID=${subscriptionId}

# Once, after az login
npm run pulumi -- stack init ${stack} --secrets-provider=${secretsProvider}
`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { stack: { type: "string", short: "s" }, help: { type: "boolean" } } });
  if (values.help || values.stack === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const folder = fileURLToPath(new URL("../azure", import.meta.url));
  const args = ["stack", "output", "--json", "--stack", values.stack, "--cwd", folder];
  const outputs = outputsSchema.safeParse(await pulumiJson(args, await preparePulumi(undefined)));
  if (!outputs.success)
    throw new Error(`The stack ${values.stack} in azure/ has not all its outputs. Run: npm run azure -- up -s ${values.stack}`);
  console.log(describeConfig(values.stack, outputs.data));
  return 0;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
