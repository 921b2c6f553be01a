import * as pulumi from "@pulumi/pulumi";
import { ErrorForPeople } from "../provider/essentials/errors.ts";

/** The stack to follow could not be read. */
export class PromotionError extends ErrorForPeople {}

/**
 * The outputs of the stack that goes ahead, read by a stack reference.
 * @param from a stack of this project (`staging`), or one with its organisation and project (`acme/proofpoint/staging`)
 * @throws PromotionError where there is no such stack
 */
export async function readPromoted(from: string | undefined): Promise<unknown> {
  if (from === undefined) return undefined;
  const name = from.includes("/") ? from : `${pulumi.getOrganization()}/${pulumi.getProject()}/${from}`;
  const reference = new pulumi.StackReference(name);
  // Where the engine could not read it, it has said so, and there is nothing where the outputs would be.
  const outputs = await new Promise((resolve) => reference.outputs.apply(resolve));
  if (outputs !== undefined) return outputs;
  throw new PromotionError(
    `The stack to follow, ${name} (proofpoint:promotesFrom), could not be read. Check its name, or make it and run it first. Nothing was changed.`,
  );
}
