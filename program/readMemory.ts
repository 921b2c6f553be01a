import * as pulumi from "@pulumi/pulumi";
import { toMemory, type Memory, type StateResource } from "./memory.ts";

/**
 * Reads the stack's own state as the last run left it: the memory is kept where Pulumi keeps everything else. A stack
 * reference would show the outputs of the stack; this call of the engine shows those of every resource too.
 */
export async function readMemory(): Promise<Memory> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const answer: unknown = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
  return toMemory(Object.values((answer as { outputs: Record<string, StateResource> }).outputs));
}
