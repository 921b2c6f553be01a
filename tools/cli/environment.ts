import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./findPulumi.ts";
import type { FoundPulumi } from "./way.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Speed and good manners; what each is for stands in docs/decisions/0005. */
const switches: Environment = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  /** One failing user does not keep the others waiting for the next run. */
  PULUMI_CONTINUE_ON_ERROR: "true",
  PULUMI_PARALLEL_DIFF: "true",
  /** A refresh compares what it read by itself instead of asking the provider once more for each user. */
  PULUMI_ENABLE_LEGACY_REFRESH_DIFF: "true",
  /** All writes of a run under way together, so that one list verifies them all; the API's pace is the client's business. */
  PULUMI_PARALLEL: "2048",
  /** The state is written once, at the end. A killed run is safe to repeat: nothing is written twice. */
  PULUMI_SKIP_CHECKPOINTS: "true",
  PULUMI_DIY_BACKEND_GZIP: "true",
};

const preload = fileURLToPath(new URL("../../node/preload.cjs", import.meta.url));

/** A third off the start of each of the three Node processes of a run: compiled code is kept, unused code is not loaded. */
function nodeSwitches(own: Environment): Environment {
  return {
    NODE_COMPILE_CACHE: own["NODE_COMPILE_CACHE"] ?? join(cacheFolder(), "node"),
    NODE_OPTIONS: [own["NODE_OPTIONS"], `--require=${JSON.stringify(preload)}`].filter(Boolean).join(" "),
  };
}

/**
 * The environment for running the Pulumi CLI. Whatever the user has set stays; a user who has logged in to a backend
 * keeps it. Everybody else gets a state folder and a home of this project's own, with an empty passphrase.
 */
export function pulumiEnvironment(found: FoundPulumi, own: Environment = process.env, home = homedir()): Record<string, string> {
  const folder = join(own["XDG_STATE_HOME"] || join(home, ".local", "state"), "proofpoint-account-state");
  const backend: Environment = hasBackend(own, home)
    ? {}
    : {
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_HOME: join(folder, "home"),
        ...(own["PULUMI_CONFIG_PASSPHRASE_FILE"] === undefined ? { PULUMI_CONFIG_PASSPHRASE: "" } : {}),
      };
  return defined({ ...switches, ...backend, ...own, ...nodeSwitches(own), PATH: searchPath(found, own["PATH"] ?? "") });
}

/** The same for another project: it keeps Pulumi's own pace, writes its state after every step, and may fetch providers. */
export function withoutSwitches(environment: Environment, own: Environment = process.env): Record<string, string> {
  return defined(Object.fromEntries(Object.entries(environment).filter(([name]) => !(name in switches) || own[name] !== undefined)));
}

function hasBackend(own: Environment, home: string): boolean {
  if (own["PULUMI_BACKEND_URL"] !== undefined || own["PULUMI_ACCESS_TOKEN"] !== undefined) return true;
  try {
    const file = join(own["PULUMI_HOME"] ?? join(home, ".pulumi"), "credentials.json");
    return Boolean((JSON.parse(readFileSync(file, "utf8")) as { current?: string }).current);
  } catch {
    return false;
  }
}

/** The program and the provider start `node` by name: the one that runs this comes first. */
function searchPath({ binFolder }: FoundPulumi, path: string): string {
  return [...(binFolder ? [binFolder] : []), dirname(process.execPath), path].join(delimiter);
}

function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
