import { findPulumi } from "../../tools/cli/findPulumi.ts";

/** Gets the Pulumi CLI before the first test, where there is none: a build takes longer than any test may. */
export async function mochaGlobalSetup(): Promise<void> {
  await findPulumi((line) => console.error(line));
}
