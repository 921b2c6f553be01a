import { readFile, rm, writeFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { ask } from "../../program/readiness/look.ts";
import type { SeatsContext } from "./context.ts";

/** Ends the connection: nothing is stored any more that logs in anywhere, and the integration is inactive. */
export async function disconnect(
  { settings, configPath, mappingPath, ledgerPath, decisionsPath, readBilling }: SeatsContext,
  files: string | undefined,
): Promise<number> {
  if (files !== "keep" && files !== "delete") {
    console.error("Say what becomes of mapping, decisions and ledger: --files keep or --files delete");
    return 2;
  }
  const isSynthesize = settings.billing.source === "synthesize";
  const said = isSynthesize ? await ask(async () => (await readBilling()).target?.synthesize.setStatus("inactive")) : undefined;
  const told = said && "failure" in said ? said.failure : undefined;
  if (told !== undefined) {
    console.error(`The integration could not be set inactive, so nothing was taken out. ${told}`);
    return 1;
  }
  const document = parseDocument(await readFile(configPath, "utf8"));
  for (const key of ["vendorKey", "partnerKey"]) document.deleteIn(["billing", key]);
  for (const at of settings.partners.keys()) document.deleteIn(["partners", at, "credentials"]);
  await writeFile(configPath, String(document));
  if (files === "delete") for (const path of [mappingPath, ledgerPath, decisionsPath]) await rm(path, { force: true });
  const lines = [
    `The references to credentials are out of ${configPath}; ${files === "keep" ? "mapping, decisions and ledger stay" : "mapping, decisions and ledger are deleted"}.`,
    ...(isSynthesize ? ["The integration is inactive in Synthesize."] : []),
    "What remains to be done:",
    "  take the keys and passwords themselves out of the environment, the files or the vault they are in, and revoke them",
    ...(isSynthesize ? ["  remove the integration in Synthesize: that deletes its accounts and their counts there"] : []),
    "  remove the login that counted seats in the Proofpoint console, if nothing else uses it",
  ];
  console.log(lines.join("\n"));
  return 0;
}
