import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config.js";
import type { StackConfig } from "./settings.ts";

const namespace = "proofpoint:";

/** The SDK has this function and leaves it out of its types. */
const { isConfigSecret } = runtimeConfig as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * The stack's configuration, in clear. `pulumi.Config.get` would warn for each secret; a secret read here goes into the
 * headers of requests and nowhere else.
 */
export function stackConfig(): StackConfig {
  return {
    read: (key) => pulumi.runtime.getConfig(namespace + key),
    keys: Object.keys(pulumi.runtime.allConfig())
      .filter((key) => key.startsWith(namespace))
      .map((key) => key.slice(namespace.length)),
    emptyPassphrase: process.env["PULUMI_CONFIG_PASSPHRASE"] === "",
    isSecret: (key) => isConfigSecret(namespace + key),
  };
}
