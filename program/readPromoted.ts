import * as pulumi from "@pulumi/pulumi";
import { refuseItself } from "./promotion.ts";

/**
 * The outputs of the stack that goes ahead, read by a stack reference; undefined where there is no such stack.
 * @param from a stack of this project (`staging`), or one with its organisation and project (`acme/proofpoint/staging`)
 * @throws PromotionError where it is this stack
 */
export async function readPromoted(from: string | undefined): Promise<unknown> {
  if (from === undefined) return undefined;
  refuseItself(from, pulumi.getStack());
  const name = from.includes("/") ? from : `${pulumi.getOrganization()}/${pulumi.getProject()}/${from}`;
  // A reference to a stack that is not there would end the preview, before anybody could say what is missing.
  const isThere = await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name }).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const { outputs } = new pulumi.StackReference(name);
  return new Promise((resolve) => outputs.apply(resolve));
}
