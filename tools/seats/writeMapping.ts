import { addToMapping } from "../../seats/addToMapping.ts";
import type { Mapping } from "../../seats/mapping.ts";
import { readIfThere } from "../../program/files/readIfThere.ts";
import type { SeatsContext } from "./context.ts";
import { replaceFile } from "../../program/files/replaceFile.ts";

/** Adds to the mapping's file; what people wrote there stays, comments too. */
export async function writeMapping({ mappingPath }: SeatsContext, added: Pick<Mapping, "accounts" | "services">): Promise<void> {
  await replaceFile(mappingPath, addToMapping(await readIfThere(mappingPath), added));
}
