import { z } from "zod";
import { numeric } from "../../provider/essentials/config.ts";
import { certificateSchema, readCertificate } from "./certificate.ts";
import { rowColumns, type RowField } from "./columns.ts";
import { hashRecords } from "./hashRecords.ts";
import { createToken } from "./oauth.ts";
import { FeedError, type RawFeed, type RawRecord } from "./row.ts";
import { secretReference } from "./secret.ts";
import type { Progress, SourceContext } from "./source.ts";
import { createWeb, Unauthorized, type WebAnswer } from "./web.ts";
import { secureUrl } from "./secureUrl.ts";

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
  "workers/associateOID",
  "workers/workerID",
  "workers/businessCommunication/emails",
  "workers/workerDates",
  "workers/workerStatus",
  "workers/workAssignments",
].join(",");

/** @throws FeedError where any page fails: half of the workers are not the workers */
export async function readAdp(settings: AdpSettings, { readSecret, sleep }: SourceContext, progress: Progress): Promise<RawFeed> {
  const [clientId, clientSecret, certificate] = await Promise.all([
    readSecret(settings.clientId, "ADP client id"),
    readSecret(settings.clientSecret, "ADP client secret"),
    readCertificate(settings.clientCertificate, readSecret),
  ]);
  const name = `the workers of ADP (${new URL(settings.apiUrl).host})`;
  const ask = createWeb({ name, timeoutSeconds: settings.timeoutSeconds, certificate, secrets: [clientId, clientSecret], sleep });
  const bearer = createToken(ask, { tokenUrl: settings.tokenUrl, clientId, clientSecret });
  const get = async (url: string, attempt: string): Promise<WebAnswer> => {
    const send = async (renew: boolean) =>
      ask({ method: "GET", url, headers: { Authorization: `Bearer ${await bearer(renew)}` } }, attempt);
    // One token may have been withdrawn before its time; a second refusal is one.
    return send(false).catch((error: unknown) => (error instanceof Unauthorized ? send(true) : Promise.reject(error as Error)));
  };

  const records: RawRecord[] = [];
  let workers = 0;
  for (let page = 0; page < settings.maxPages; page++) {
    const url = `${new URL(settings.apiUrl).origin}/hr/v2/workers?$top=${pageSize}&$skip=${page * pageSize}&$select=${select}`;
    const { status, json } = await get(url, `workers from ${page * pageSize + 1} on`);
    const found = status === 204 || json === undefined ? [] : workersOf(json, name);
    if (found.length === 0) return finish(name, records, workers);
    for (const worker of found) {
      workers++;
      for (const cells of toCells(worker)) records.push({ at: workers, cells });
    }
    progress(workers);
  }
  throw new FeedError(
    `Could not read ${name}: after ${settings.maxPages} pages there were still more. Raise proofpoint:hr.maxPages if there are so many workers. Nothing was changed.`,
  );
}

function finish(name: string, records: readonly RawRecord[], workers: number): RawFeed {
  if (workers === 0)
    throw new FeedError(`Could not read ${name}: there are none. An empty answer never means that everybody left. Nothing was changed.`);
  return { name, columns, records, unit: "worker", hash: hashRecords(columns, records), notes: [] };
}

const code = z.object({ codeValue: z.string().nullish(), shortName: z.string().nullish(), longName: z.string().nullish() }).nullish();
const text = z.string().nullish();
const assignmentSchema = z.object({
  primaryIndicator: z.boolean().nullish(),
  assignmentStatus: z.object({ statusCode: code, effectiveDate: text, reasonCode: code }).nullish(),
  payrollGroupCode: text,
  workerTypeCode: code,
  homeWorkLocation: z.object({ nameCode: code }).nullish(),
  lastWorkedDate: text,
});
const workerSchema = z.object({
  associateOID: text,
  workerID: z.object({ idValue: text }).nullish(),
  // Never person.communication: those addresses are private.
  businessCommunication: z.object({ emails: z.array(z.object({ emailUri: text })).nullish() }).nullish(),
  workerDates: z.object({ originalHireDate: text, rehireDate: text, terminationDate: text }).nullish(),
  workerStatus: z.object({ statusCode: code }).nullish(),
  workAssignments: z.array(assignmentSchema).nullish(),
});
type Worker = z.infer<typeof workerSchema>;
type Assignment = z.infer<typeof assignmentSchema>;

const answerSchema = z.object({ workers: z.array(workerSchema).nullish() });

function workersOf(json: unknown, name: string): readonly Worker[] {
  const parsed = answerSchema.safeParse(json);
  if (parsed.success) return parsed.data.workers ?? [];
  const [issue] = parsed.error.issues;
  throw new FeedError(
    `Could not read ${name}: the answer does not fit what is known of Workers v2 (${issue?.path.join(".") ?? ""}: ${issue?.message}). Nothing was changed.`,
  );
}

const fields = [
  "personKey",
  "email",
  "status",
  "statusLabel",
  "statusEffective",
  "hireDate",
  "rehireDate",
  "terminationDate",
  "lastDay",
  "leaveType",
  "companyCode",
  "workerCategoryCode",
  "locationCode",
  "primary",
] as const satisfies readonly RowField[];
const columns = fields.map((field) => rowColumns[field][0]);

/** One record for each assignment and each work address: a worker with two of both makes four. */
function toCells(worker: Worker): string[][] {
  const emails = (worker.businessCommunication?.emails ?? []).flatMap(({ emailUri }) => emailUri ?? []);
  const assignments: (Assignment | undefined)[] = worker.workAssignments?.length ? worker.workAssignments : [undefined];
  return assignments.flatMap((assignment) =>
    (emails.length > 0 ? emails : [""]).map((email) => fields.map((field) => cellOf(field, worker, assignment, email))),
  );
}

function cellOf(field: (typeof fields)[number], worker: Worker, assignment: Assignment | undefined, email: string): string {
  const own = assignment?.assignmentStatus;
  const status = own?.statusCode?.codeValue ? own.statusCode : worker.workerStatus?.statusCode;
  switch (field) {
    case "personKey":
      return worker.associateOID ?? worker.workerID?.idValue ?? "";
    case "email":
      return email;
    case "status":
      return status?.codeValue ?? "";
    case "statusLabel":
      return status?.longName ?? status?.shortName ?? "";
    case "statusEffective":
      return own?.effectiveDate ?? "";
    case "hireDate":
      return worker.workerDates?.originalHireDate ?? "";
    case "rehireDate":
      return worker.workerDates?.rehireDate ?? "";
    case "terminationDate":
      return worker.workerDates?.terminationDate ?? "";
    case "lastDay":
      return assignment?.lastWorkedDate ?? "";
    case "leaveType":
      // The reason of a termination is nobody's business here.
      if (own?.statusCode?.codeValue !== "L") return "";
      return own.reasonCode?.longName ?? own.reasonCode?.shortName ?? own.reasonCode?.codeValue ?? "";
    case "companyCode":
      return assignment?.payrollGroupCode ?? "";
    case "workerCategoryCode":
      return assignment?.workerTypeCode?.codeValue ?? "";
    case "locationCode":
      return assignment?.homeWorkLocation?.nameCode?.codeValue ?? "";
    case "primary":
      return assignment?.primaryIndicator ? "true" : "";
  }
}
