import { z } from "zod";
import { numeric } from "../../../provider/essentials/config.ts";
import { certificateSchema, readCertificate } from "../web/certificate.ts";
import { hashRecords } from "../hashRecords.ts";
import { createToken, withRenewal } from "../web/oauth.ts";
import { FeedError, type RawFeed, type RawRecord } from "../row.ts";
import { secretReference } from "../secret.ts";
import type { Progress } from "../progress.ts";
import type { SourceContext } from "../sourceContext.ts";
import { createWeb, type WebAnswer } from "../web/web.ts";
import { secureUrl } from "../web/secureUrl.ts";
import { columns, toCells, workersOf } from "./worker.ts";

/** ADP Workforce Now, Workers v2 (developers.adp.com). Every call is made with mutual TLS, the one for the token included. */
export const adpKeys = {
  /** EU hosts differ: accounts.eu.adp.com, api.eu.adp.com. */
  tokenUrl: secureUrl.default("https://accounts.adp.com/auth/oauth/v2/token"),
  apiUrl: secureUrl.default("https://api.adp.com"),
  clientId: secretReference,
  clientSecret: secretReference,
  clientCertificate: certificateSchema,
  timeoutSeconds: numeric(z.number().min(1).max(3600)).default(60),
  /** Pages of 100 workers; a read that reaches the cap is refused. */
  maxPages: numeric(z.number().int().min(1)).default(2_000),
};
export type AdpSettings = z.infer<z.ZodObject<typeof adpKeys>>;

const pageSize = 100;

/** Only what a decision needs is asked for; what is masked stays masked. */
const select = [
  "associateOID",
  "workerID",
  "businessCommunication/emails",
  "workerDates",
  "workerStatus",
  ...["primaryIndicator", "assignmentStatus", "payrollGroupCode", "workerTypeCode", "homeWorkLocation/nameCode", "lastWorkedDate"].map(
    (path) => `workAssignments/${path}`,
  ),
]
  .map((path) => `workers/${path}`)
  .join(",");

/** @throws FeedError where any page fails: half of the workers are not the workers */
export async function readAdp(settings: AdpSettings, { readSecret, sleep }: SourceContext, progress: Progress): Promise<RawFeed> {
  const [clientId, clientSecret, certificate] = await Promise.all([
    readSecret(settings.clientId, "ADP client id"),
    readSecret(settings.clientSecret, "ADP client secret"),
    readCertificate(settings.clientCertificate, readSecret),
  ]);
  const name = `the workers of ADP (${new URL(settings.apiUrl).host})`;
  const secrets = [clientId, clientSecret];
  const ask = createWeb({ name, timeoutSeconds: settings.timeoutSeconds, certificate, secrets, sleep });
  const bearer = createToken(ask, { tokenUrl: settings.tokenUrl, clientId, clientSecret }, secrets);
  const get = async (url: string, attempt: string): Promise<WebAnswer> => {
    const send = async (renew: boolean) =>
      ask({ method: "GET", url, headers: { Authorization: `Bearer ${await bearer(renew)}` } }, attempt);
    return withRenewal(send);
  };

  const records: RawRecord[] = [];
  const seen = new Set<string>();
  let workers = 0;
  for (let page = 0; page < settings.maxPages; page++) {
    // By what has come, not by pages: a page may be shorter than it was asked to be.
    const url = `${new URL(settings.apiUrl).origin}/hr/v2/workers?$top=${pageSize}&$skip=${workers}&$select=${select}`;
    const { status, json } = await get(url, `workers from ${workers + 1} on`);
    const found = status === 204 || json === undefined ? [] : workersOf(json, name);
    if (found.length === 0) return finish(name, records, workers);
    for (const worker of found) {
      workers++;
      const key = worker.associateOID ?? worker.workerID?.idValue;
      if (key && seen.has(key)) return refuseShift(name);
      if (key) seen.add(key);
      for (const cells of toCells(worker)) records.push({ at: workers, cells });
    }
    progress(workers);
  }
  throw new FeedError(
    `Could not read ${name}: after ${settings.maxPages} pages there were still more. Raise proofpoint:hr.maxPages if there are so many workers. Nothing was changed.`,
  );
}

/** Somebody was added while the pages were read, or the pages do not advance: either way somebody else may be missing. */
function refuseShift(name: string): never {
  throw new FeedError(
    `Could not read ${name}: one worker came twice, so the list changed while it was read. Run again. Nothing was changed.`,
  );
}

function finish(name: string, records: readonly RawRecord[], workers: number): RawFeed {
  if (workers === 0)
    throw new FeedError(`Could not read ${name}: there are none. An empty answer never means that everybody left. Nothing was changed.`);
  return { name, columns, records, unit: "worker", hash: hashRecords(columns, records), notes: [] };
}
