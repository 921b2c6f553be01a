import * as pulumi from "@pulumi/pulumi";
import { toMemory, type Memory } from "./memory.ts";

/** Reads the stack's own last outputs: the memory is kept where Pulumi keeps everything else. */
export async function readMemory(): Promise<Memory> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const last = new pulumi.StackReference("last applied run", { name });
  const [feed, feeds] = await Promise.all([last.getOutputDetails("feed"), last.getOutputDetails("feeds")]);
  return toMemory({ feed: feed.value as unknown, feeds: feeds.value as unknown });
}
