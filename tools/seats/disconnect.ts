import { readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { isScalar, parseDocument, visit } from "yaml";
import { replaceFile } from "../../program/files/replaceFile.ts";
import { dayIn } from "../../program/hr/date.ts";
import { createReadSecret } from "../../program/hr/secret.ts";
import { ask } from "../../program/readiness/look.ts";
import { connectSynthesize } from "../../seats/readBillingSide.ts";
import { openLedger } from "../../seats/ledger.ts";
import { readSeatsSettings, type SeatsSettings } from "../../seats/settings.ts";
import { files } from "./context.ts";

/**
 * Ends the connection: nothing is stored any more that logs in anywhere, and the integration is inactive. It needs the
 * configuration alone: a mapping that is not right, or a service that does not answer, is no reason to keep a login.
 */
export async function disconnect(folder: string, what: string | undefined): Promise<number> {
  if (what !== "keep" && what !== "delete") {
    console.error("Say what becomes of mapping, decisions and ledger: --files keep or --files delete");
    return 2;
  }
  const path = (name: string) => resolve(folder, name);
  const settings = await readSeatsSettings(path(files.config));
  const isSynthesize = settings.billing.source === "synthesize";
  const inactive = await setInactive(settings, folder);
  const remembered = what === "keep" ? await ask(() => remember(path(files.ledger))) : undefined;
  await takeOutCredentials(settings, path(files.config));
  if (what === "delete") for (const name of [files.mapping, files.ledger, files.decisions]) await rm(path(name), { force: true });
  const failure = inactive && "failure" in inactive ? inactive.failure : undefined;
  const broken = remembered && "failure" in remembered ? remembered.failure : undefined;
  const lines = [
    `The references to credentials are out of ${path(files.config)}; mapping, decisions and ledger ${what === "keep" ? "stay" : "are deleted"}.`,
    ...(inactive && failure === undefined ? ["The integration is inactive in Synthesize."] : []),
    "What remains to be done:",
    ...(failure === undefined ? [] : [`  set the integration inactive in Synthesize, which could not be done (${failure})`]),
    ...(settings.disconnected !== undefined && isSynthesize ? ["  set the integration inactive in Synthesize, if nobody has yet"] : []),
    ...(broken === undefined ? [] : [`  delete the ledger before you connect again. ${broken}`]),
    "  take the keys and passwords themselves out of the environment, the files or the vault they are in, and revoke them",
    ...(isSynthesize ? ["  remove the integration in Synthesize: that deletes its accounts and their counts there"] : []),
    "  remove the login that counted seats in the Proofpoint console, if nothing else uses it",
  ];
  console.log(lines.join("\n"));
  return failure === undefined && broken === undefined ? 0 : 1;
}

/** Nothing where there is no integration, or no more. */
async function setInactive({ billing, disconnected }: SeatsSettings, folder: string) {
  if (billing.source !== "synthesize" || disconnected !== undefined) return undefined;
  const asked = await ask(async () => (await connectSynthesize(billing, createReadSecret(process.env, folder))).setStatus("inactive"));
  // Running again would not help: the keys are not known any more.
  return "failure" in asked ? { failure: asked.failure.replace(/\.?( Run again\.)?$/, "") } : asked;
}

/** What stands there may be gone by the time somebody connects again. */
async function remember(path: string): Promise<void> {
  const ledger = await openLedger(path);
  const at = new Date().toISOString();
  for (const integration of new Set(ledger.entries.map((entry) => entry.integration)))
    await ledger.add({ at, integration, outcome: "inactive" });
}

const references = new Set(["vendorKey", "partnerKey", "credentials"]);

async function takeOutCredentials(settings: SeatsSettings, path: string): Promise<void> {
  const document = parseDocument(await readFile(path, "utf8"));
  // Wherever they stand: behind an anchor, too.
  visit(document, { Pair: (_, { key }) => (isScalar(key) && references.has(String(key.value)) ? visit.REMOVE : undefined) });
  document.set("disconnected", settings.disconnected ?? dayIn(settings.timeZone, new Date()));
  await replaceFile(path, document.toString({ lineWidth: 0 }));
}
