import type { StackConfig } from "../program/settings.ts";
import { runQuietly } from "./cli/run.ts";

type Environment = Readonly<Record<string, string>>;

export interface ReadStackConfig extends StackConfig {
  /** Values nobody is to see, whatever prints them. */
  readonly secrets: readonly string[];
}

/** The configuration of a stack, read by the CLI for tools that run without the engine. */
export async function readStackConfig(stack: string, environment: Environment): Promise<ReadStackConfig> {
  const config = await pulumiJson<Record<string, { value?: string; secret?: boolean }>>(
    ["config", "--json", "--show-secrets", "--stack", stack],
    environment,
  );
  return {
    secrets: Object.values(config).flatMap(({ value, secret }) => (secret && value ? [value] : [])),
    read: (key) => config[`proofpoint:${key}`]?.value,
    keys: Object.keys(config).flatMap((key) => (key.startsWith("proofpoint:") ? [key.slice("proofpoint:".length)] : [])),
    isSecret: (key) => config[`proofpoint:${key}`]?.secret === true,
    emptyPassphrase: environment["PULUMI_CONFIG_PASSPHRASE"] === "",
  };
}

export async function pulumiJson<T>(args: readonly string[], environment: Environment): Promise<T> {
  return JSON.parse(await pulumi(args, environment)) as T;
}

/** Runs a Pulumi command out of sight: its two lines a user would bury what matters. What it said comes with its failure. */
export async function pulumi(args: readonly string[], environment: Environment): Promise<string> {
  const { code, stdout, stderr } = await runQuietly("pulumi", args, { env: environment });
  if (code === 0) return stdout;
  const said = `${stdout}\n${stderr}`.split("\n").filter((line) => !/ import(ing|ed) \(/.test(line));
  throw new Error(`pulumi ${args[0]} ended with ${code}: ${said.join("\n").trim()}`);
}
