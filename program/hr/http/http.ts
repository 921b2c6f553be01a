import { compile } from "@jmespath-community/jmespath";
import { InvalidConfig } from "../../../provider/essentials/config.ts";
import { readCertificate } from "../web/certificate.ts";
import { rowColumns, rowFields } from "../columns.ts";
import { hashRecords } from "../hashRecords.ts";
import type { HttpSettings } from "./httpSettings.ts";
import { createLogin, readHeaders, withLogin } from "./login.ts";
import { readPages } from "./pager.ts";
import { explodeRecord, joinTo, refuseHidden, toCells } from "./records.ts";
import { FeedError, type RawFeed, type RawRecord } from "../row.ts";
import type { ReadSecret } from "../secret.ts";
import type { Progress, SourceContext } from "../source.ts";
import { createWeb } from "../web/web.ts";

/** @throws FeedError where any request fails, or a record does not have the form the columns say */
export async function readHttp(settings: HttpSettings, { readSecret, sleep }: SourceContext, progress: Progress): Promise<RawFeed> {
  const { name, columns, explode, join } = settings;
  checkExpressions(settings);
  const secrets: string[] = [];
  const remember: ReadSecret = async (reference, what) => {
    const secret = await readSecret(reference, what);
    secrets.push(secret);
    return secret;
  };
  const certificate = settings.clientCertificate && (await readCertificate(settings.clientCertificate, remember));
  const web = { name, timeoutSeconds: settings.timeoutSeconds, secrets, sleep, ...(certificate && { certificate }) };
  const ask = createWeb(web);
  const get = withLogin(ask, await createLogin(settings.auth, remember, ask), await readHeaders(settings, remember));

  let objects = await readPages(settings, get, name, progress);
  if (join) objects = joinTo(objects, await readPages(join, get, name, () => undefined), join, name);
  if (objects.length === 0)
    throw new FeedError(
      `Could not read ${name}: there are no records. An empty answer never means that everybody left. Nothing was changed.`,
    );

  const fields = rowFields.filter((field) => columns[field] !== undefined);
  const records: RawRecord[] = [];
  objects.forEach((object, index) => {
    for (const one of explode === undefined ? [object] : explodeRecord(object, explode)) {
      for (const cells of toCells(one, fields, columns, `record ${index + 1} of ${name}`)) records.push({ at: index + 1, cells });
    }
  });
  refuseHidden(records, fields, name);
  const standard = fields.map((field) => rowColumns[field][0]);
  return { name, columns: standard, records, unit: "record", hash: hashRecords(standard, records), notes: [] };
}

/** @throws InvalidConfig for every expression that is no JMESPath, before anything is asked */
function checkExpressions({ records, explode, join, pager, columns }: HttpSettings): void {
  const expressions: Record<string, unknown> = {
    records,
    explode,
    "pager.next": "next" in pager ? pager.next : undefined,
    "pager.total": "total" in pager ? pager.total : undefined,
    "join.records": join?.records,
    "join.ours": join?.ours,
    "join.theirs": join?.theirs,
    ...Object.fromEntries(Object.entries(columns).map(([field, expression]) => [`columns.${field}`, expression])),
  };
  const problems = Object.entries(expressions).flatMap(([key, expression]) => {
    if (typeof expression !== "string") return [];
    try {
      compile(expression);
      return [];
    } catch (error) {
      return [`proofpoint:hr.${key} is no JMESPath expression: ${(error as Error).message}.`];
    }
  });
  if (problems.length > 0) throw new InvalidConfig(problems);
}
