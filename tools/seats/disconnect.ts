import { readFile, rm } from "node:fs/promises";
import { parseDocument } from "yaml";
import { dayIn } from "../../program/hr/date.ts";
import { SynthesizeError } from "../../seats/synthesize/send.ts";
import type { SeatsContext } from "./context.ts";
import { replaceFile } from "../../program/files/replaceFile.ts";

/** Ends the connection: nothing is stored any more that logs in anywhere, and the integration is inactive. */
export async function disconnect(context: SeatsContext, files: string | undefined): Promise<number> {
  const { settings, configPath, mappingPath, ledgerPath, decisionsPath } = context;
  if (files !== "keep" && files !== "delete") {
    console.error("Say what becomes of mapping, decisions and ledger: --files keep or --files delete");
    return 2;
  }
  const isSynthesize = settings.billing.source === "synthesize" && settings.disconnected === undefined;
  const refusal = isSynthesize ? await setInactive(context) : undefined;
  await forgetCounts(context);
  await takeOutCredentials(context);
  if (files === "delete") for (const path of [mappingPath, ledgerPath, decisionsPath]) await rm(path, { force: true });
  const lines = [
    `The references to credentials are out of ${configPath}; ${files === "keep" ? "mapping, decisions and ledger stay" : "mapping, decisions and ledger are deleted"}.`,
    ...(isSynthesize && refusal === undefined ? ["The integration is inactive in Synthesize."] : []),
    "What remains to be done:",
    ...(refusal === undefined ? [] : [`  set the integration inactive in Synthesize, whose keys are refused. ${refusal}`]),
    "  take the keys and passwords themselves out of the environment, the files or the vault they are in, and revoke them",
    ...(settings.billing.source === "synthesize"
      ? ["  remove the integration in Synthesize: that deletes its accounts and their counts there"]
      : []),
    "  remove the login that counted seats in the Proofpoint console, if nothing else uses it",
  ];
  console.log(lines.join("\n"));
  return refusal === undefined ? 0 : 1;
}

/** @returns why not, where the keys are refused: those that were revoked are no reason to keep them. @throws SynthesizeError else */
async function setInactive({ readBilling }: SeatsContext): Promise<string | undefined> {
  try {
    await (await readBilling()).target?.synthesize.setStatus("inactive");
    return undefined;
  } catch (error) {
    if (error instanceof SynthesizeError && (error.status === 401 || error.status === 403)) return error.message;
    throw error;
  }
}

/** Counts are gone with the accounts, whoever connects again. */
async function forgetCounts({ ledger }: SeatsContext): Promise<void> {
  const at = new Date().toISOString();
  for (const integration of new Set(ledger.entries.map((entry) => entry.integration)))
    await ledger.add({ at, integration, outcome: "inactive" });
}

async function takeOutCredentials({ settings, configPath }: SeatsContext): Promise<void> {
  const document = parseDocument(await readFile(configPath, "utf8"));
  for (const key of ["vendorKey", "partnerKey"]) document.deleteIn(["billing", key]);
  for (const at of settings.partners.keys()) document.deleteIn(["partners", at, "credentials"]);
  document.set("disconnected", settings.disconnected ?? dayIn(settings.timeZone, new Date()));
  await replaceFile(configPath, document.toString({ lineWidth: 0 }));
}
