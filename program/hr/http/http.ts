import { readCertificate } from "../web/certificate.ts";
import { rowColumns, rowFields } from "../columns.ts";
import { hashRecords } from "../hashRecords.ts";
import type { HttpSettings } from "./httpSettings.ts";
import { createLogin, readHeaders, withLogin } from "./login.ts";
import { readPages } from "./pager.ts";
import { explodeRecords, joinTo, refuseHidden, toCells } from "./records.ts";
import { FeedError, type RawFeed, type RawRecord } from "../row.ts";
import type { ReadSecret } from "../secret.ts";
import type { Progress } from "../progress.ts";
import type { SourceContext } from "../sourceContext.ts";
import { createWeb } from "../web/web.ts";

/** @throws FeedError where any request fails, or a record does not have the form the columns say */
export async function readHttp(settings: HttpSettings, { readSecret, sleep }: SourceContext, progress: Progress): Promise<RawFeed> {
  const { name, columns, explode, join } = settings;
  const secrets: string[] = [];
  const remember: ReadSecret = async (reference, what, form) => {
    const secret = await readSecret(reference, what, form);
    secrets.push(secret);
    return secret;
  };
  const certificate = settings.clientCertificate && (await readCertificate(settings.clientCertificate, remember));
  const web = { name, timeoutSeconds: settings.timeoutSeconds, secrets, sleep, ...(certificate && { certificate }) };
  const ask = createWeb(web);
  const get = withLogin(ask, await createLogin(settings.auth, remember, ask, secrets), await readHeaders(settings, remember));

  let objects = await readPages(settings, get, name, progress);
  if (join) objects = joinTo(objects, await readPages(join, get, name, (count) => progress(objects.length + count)), join, name);
  if (objects.length === 0)
    throw new FeedError(
      `Could not read ${name}: there are no records. An empty answer never means that everybody left. Nothing was changed.`,
    );

  const fields = rowFields.filter((field) => columns[field] !== undefined);
  const exploded =
    explode === undefined ? objects.map((object, index) => ({ object, at: index + 1 })) : explodeRecords(objects, explode, name);
  const records = exploded.flatMap(({ object, at }) =>
    toCells(object, fields, columns, `record ${at} of ${name}`).map((cells): RawRecord => ({ at, cells })),
  );
  refuseHidden(records, fields, name);
  const standard = fields.map((field) => rowColumns[field][0]);
  return { name, columns: standard, records, unit: "record", hash: hashRecords(standard, records), notes: [] };
}
