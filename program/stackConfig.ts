import * as pulumi from "@pulumi/pulumi";

const namespace = "proofpoint:";

/**
 * Reads a key of the stack, in clear. `pulumi.Config.get` would warn for each secret; a secret read here goes into the
 * headers of requests and nowhere else.
 */
export function readStackConfig(key: string): string | undefined {
  return pulumi.runtime.getConfig(namespace + key);
}

/** The keys set in the namespace, by the stack or by the project. */
export function stackKeys(): string[] {
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(namespace))
    .map((key) => key.slice(namespace.length));
}
