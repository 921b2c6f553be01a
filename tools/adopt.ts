import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "../provider/essentials/config.ts";
import { connect } from "../provider/essentials/connect.ts";
import { connectionSchema } from "../provider/essentials/connection.ts";
import { isManagedType, type User } from "../provider/essentials/schema.ts";
import { resourceName, withOwnName } from "../provider/resourceName.ts";
import { userTypeToken } from "../provider/tokens.ts";
import { userTypeProvider } from "../provider/userType.ts";
import { asCommand } from "./cli/asCommand.ts";
import { preparePulumi } from "./cli/preparePulumi.ts";
import { pulumi, pulumiJson, readStackConfig } from "./stackConfig.ts";

const usage = `npm run adopt -- -s STACK [--file FILE]

Starts managing every user of the organisation as it is, administrators left out: writes a Pulumi import file and runs
\`pulumi import\` with it. Nothing is changed in Proofpoint. Users already managed are left out, so it can be run again.
  --file FILE   write the import file there, keep it, and import nothing`;

type Environment = Record<string, string>;

await asCommand(adopt);

async function adopt(): Promise<number> {
  const { values } = parseArgs({ options: { stack: { type: "string", short: "s" }, file: { type: "string" }, help: { type: "boolean" } } });
  const { stack, file } = values;
  if (values.help || stack === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const environment = await preparePulumi(stack);
  const [users, managed] = await Promise.all([listUsers(stack, environment), listManaged(stack, environment)]);
  const unmanaged = users.filter(({ type }) => !isManagedType(type));
  const nameable = withOwnName(users);
  const candidates = nameable.filter(({ type }) => isManagedType(type));
  const adopted = candidates.filter(({ email }) => !managed.has(resourceName(email)));
  console.log(
    `${users.length} users: ${adopted.length} to adopt, ${candidates.length - adopted.length} managed already, ${unmanaged.length} left out (administrators, unknown types).`,
  );
  const named = new Set(nameable);
  const doubles = users.filter((user) => !named.has(user)).map(({ email }) => email);
  if (doubles.length > 0) console.log(`Left out too, because their addresses differ only in spelling: ${doubles.join(", ")}.`);
  if (adopted.length === 0) return 0;

  if (file !== undefined) {
    await writeFile(file, importFile(adopted));
    console.log(`Written to ${file}. Import it with: pulumi ${importArguments(stack, file).join(" ")}`);
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), "proofpoint-adopt-"));
  try {
    const path = join(folder, "import.json");
    await writeFile(path, importFile(adopted), { mode: 0o600 });
    await pulumi(importArguments(stack, path), environment);
    console.log(`${adopted.length} users adopted into the stack ${stack}; nothing was changed in Proofpoint.`);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function importArguments(stack: string, file: string): string[] {
  return [
    "import",
    "--stack",
    stack,
    "--file",
    file,
    "--yes",
    "--skip-preview",
    "--protect=false",
    "--generate-code=false",
    "--suppress-progress",
  ];
}

/** Inputs and outputs for each user: with both, Pulumi takes the entry as it stands. */
function importFile(users: readonly User[]): string {
  const resources = users.map(({ email, type }) => {
    const state = { email, type, reason: "adopted as it was", __provider: userTypeProvider };
    return { type: userTypeToken, name: resourceName(email), id: resourceName(email), inputs: state, outputs: state };
  });
  return JSON.stringify({ resources }, null, 1);
}

async function listUsers(stack: string, environment: Environment): Promise<readonly User[]> {
  const { read } = await readStackConfig(stack, environment);
  const essentials = await connect(readConfig(connectionSchema, read), read);
  return essentials.listUsers();
}

async function listManaged(stack: string, environment: Environment): Promise<ReadonlySet<string>> {
  const state = await pulumiJson<{ deployment?: { resources?: { type: string; id?: string }[] } }>(
    ["stack", "export", "--stack", stack],
    environment,
  );
  const resources = state.deployment?.resources ?? [];
  return new Set(resources.flatMap(({ type, id }) => (type === userTypeToken && id !== undefined ? [id] : [])));
}
