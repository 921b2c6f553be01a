import { z } from "zod";
import { rowColumns, type RowField } from "../columns.ts";
import { FeedError } from "../row.ts";

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
export type Worker = z.infer<typeof workerSchema>;
type Assignment = z.infer<typeof assignmentSchema>;

const answerSchema = z.object({ workers: z.array(workerSchema) });

/** @throws FeedError for an answer that is no list of workers */
export function workersOf(json: unknown, name: string): readonly Worker[] {
  // Some tenants end with an empty list instead of 204.
  if (Array.isArray(json) && json.length === 0) return [];
  const parsed = answerSchema.safeParse(json);
  if (parsed.success) return parsed.data.workers;
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
export const columns = fields.map((field) => rowColumns[field][0]);

/** One record for each assignment and each work address: a worker with two of both makes four. */
export function toCells(worker: Worker): string[][] {
  const emails = (worker.businessCommunication?.emails ?? []).flatMap(({ emailUri }) => emailUri ?? []);
  const own: readonly Assignment[] = worker.workAssignments ?? [];
  // The roll-up counts where there is no assignment, and where it is safer than every assignment.
  const rollUp = worker.workerStatus?.statusCode?.codeValue;
  const contradicted =
    rollUp === "Active" && own.every(({ assignmentStatus }) => !["A", "L"].includes(assignmentStatus?.statusCode?.codeValue ?? "A"));
  const assignments = own.length === 0 ? [undefined] : contradicted ? [...own, undefined] : own;
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
