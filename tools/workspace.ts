import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPulumi } from "./cli/findPulumi.ts";
import { pulumiEnvironment } from "./cli/environment.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const linked = ["node", "provider", "program", "seats", "fleet", "simulator", "tools", "node_modules", "package.json"];

export interface Workspace {
  /** A project folder of its own: this project's code, another configuration. */
  readonly folder: string;
  /** State, home and passphrase of its own; nothing of the user's is read or touched. */
  readonly environment: Record<string, string>;
  remove(): Promise<void>;
}

/** What a stack's configuration holds, without the namespace. */
export type StackConfig = Readonly<Record<string, unknown>>;

/**
 * A throw-away project that runs this checkout's code, for the demo, the tests and the bench. It leaves no trace in the
 * checkout, and any number can run side by side.
 */
export async function createWorkspace(say: (line: string) => void): Promise<Workspace> {
  const found = await findPulumi(say);
  const folder = await realpath(await mkdtemp(join(tmpdir(), "proofpoint-")));
  const project = join(folder, "project");
  await Promise.all([mkdir(project), mkdir(join(folder, "state")), mkdir(join(folder, "home"))]);
  // The CLI writes an encrypted debug log of every run into this folder; where it cannot, it goes on without.
  await writeFile(join(folder, "home", "logs"), "");
  await Promise.all(linked.map((name) => symlink(join(root, name), join(project, name))));
  await cp(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  const environment = pulumiEnvironment(found, {
    ...withoutPulumi(process.env),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "",
  });
  return { folder: project, environment, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Writes a stack's configuration; what Pulumi wrote there about its secrets stays. */
export async function writeStackConfig({ folder }: Workspace, stack: string, config: StackConfig): Promise<void> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const before = await readFile(file, "utf8").catch(() => "");
  const secrets = before.split("\n").filter((line) => /^(secretsprovider|encryptedkey|encryptionsalt): /.test(line));
  const lines = Object.entries(config).map(([key, value]) => `  proofpoint:${key}: ${JSON.stringify(value)}`);
  await writeFile(file, [...secrets, "config:", ...lines, ""].join("\n"));
}

function withoutPulumi(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => (!name.startsWith("PULUMI_") && !name.startsWith("PROOFPOINT_")) || name === "PROOFPOINT_PULUMI_CLI",
    ),
  );
}
