import { compile, search, type JSONValue } from "@jmespath-community/jmespath";
import { InvalidConfig } from "../../provider/essentials/config.ts";
import { readCertificate } from "./certificate.ts";
import { rowColumns, rowFields, type RowField } from "./columns.ts";
import { hashRecords } from "./hashRecords.ts";
import type { HttpAuth, HttpSettings } from "./httpSettings.ts";
import { createToken } from "./oauth.ts";
import { readPages, type Get } from "./pager.ts";
import { FeedError, type RawFeed, type RawRecord } from "./row.ts";
import type { ReadSecret } from "./secret.ts";
import type { Progress, SourceContext } from "./source.ts";
import { createWeb, Unauthorized, type AskWeb } from "./web.ts";

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

type Login = (renew: boolean) => Promise<Readonly<Record<string, string>>>;

async function createLogin(auth: HttpAuth, readSecret: ReadSecret, ask: AskWeb): Promise<Login> {
  const secret = (from: Parameters<ReadSecret>[0] | { value: string }, what: string) =>
    "value" in from ? Promise.resolve(from.value) : readSecret(from, what);
  switch (auth.type) {
    case "none":
      return async () => ({});
    case "basic": {
      const [user, password] = [
        await secret(auth.user, "user name of the HR system"),
        await secret(auth.password, "password of the HR system"),
      ];
      return async () => ({ Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` });
    }
    case "bearer": {
      const token = await readSecret(auth.token, "token of the HR system");
      return async () => ({ Authorization: `Bearer ${token}` });
    }
    case "header": {
      const value = await readSecret(auth.value, "API key of the HR system");
      return async () => ({ [auth.name]: value });
    }
    case "oauth2": {
      const clientId = await readSecret(auth.clientId, "client id of the HR system");
      const clientSecret = await readSecret(auth.clientSecret, "client secret of the HR system");
      const bearer = createToken(ask, { tokenUrl: auth.tokenUrl, clientId, clientSecret, scope: auth.scope });
      return async (renew) => ({ Authorization: `Bearer ${await bearer(renew)}` });
    }
  }
}

async function readHeaders({ secretHeaders }: HttpSettings, readSecret: ReadSecret): Promise<Record<string, string>> {
  const entries = Object.entries(secretHeaders).map(async ([name, from]) => [name, await readSecret(from, `header ${name}`)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function withLogin(ask: AskWeb, login: Login, secretHeaders: Readonly<Record<string, string>>): Get {
  return async ({ method, headers, body }, url, attempt) => {
    const send = async (renew: boolean) =>
      ask(
        {
          method,
          url,
          headers: {
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
            ...headers,
            ...secretHeaders,
            ...(await login(renew)),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        attempt,
      );
    // A token may have run out before its time; a second refusal is one.
    return send(false).catch((error: unknown) => (error instanceof Unauthorized ? send(true) : Promise.reject(error as Error)));
  };
}

function joinTo(
  objects: readonly JSONValue[],
  others: readonly JSONValue[],
  { as, ours, theirs }: NonNullable<HttpSettings["join"]>,
  name: string,
): JSONValue[] {
  const keyOf = (object: JSONValue, path: string) => {
    const key = search(object, path);
    return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
  };
  const byKey = new Map(others.map((other) => [keyOf(other, theirs), other] as const));
  return objects.map((object, index) => {
    const key = keyOf(object, ours);
    const other = key === undefined ? undefined : byKey.get(key);
    if (other === undefined || typeof object !== "object" || object === null || Array.isArray(object))
      throw new FeedError(
        `Could not read ${name}: record ${index + 1} has no partner in the joined answer, so it may be only a part of it. Nothing was changed.`,
      );
    return { ...object, [as]: other };
  });
}

function explodeRecord(object: JSONValue, path: string): JSONValue[] {
  const items = search(object, path);
  if (!Array.isArray(items) || items.length === 0 || typeof object !== "object" || object === null || Array.isArray(object))
    return [object];
  return items.map((item) => ({ ...object, item }));
}

/** One record, or one for each address where the address is a list. */
function toCells(object: JSONValue, fields: readonly RowField[], columns: HttpSettings["columns"], where: string): string[][] {
  const cells = fields.map((field): string | string[] => {
    const value = search(object, columns[field] ?? "");
    if (field === "email" && Array.isArray(value)) return value.map((each) => toText(each, field, where));
    return toText(value, field, where);
  });
  const list = cells.find((cell) => typeof cell !== "string") ?? [""];
  return (list.length === 0 ? [""] : list).map((email) => cells.map((cell) => (typeof cell === "string" ? cell : email)));
}

function toText(value: JSONValue | undefined, field: RowField, where: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object")
    throw new FeedError(`Could not read ${where}: its ${field} is no text. Correct proofpoint:hr.columns.${field}. Nothing was changed.`);
  return String(value);
}

/** Some systems leave out what the login may not see. Without the address or the status nothing can be said of anybody. */
function refuseHidden(records: readonly RawRecord[], fields: readonly RowField[], name: string): void {
  for (const field of ["email", "status"] as const) {
    const at = fields.indexOf(field);
    if (records.some(({ cells }) => cells[at] !== "")) continue;
    throw new FeedError(
      `Could not read ${name}: no record has a ${field}. The login may not see it, or proofpoint:hr.columns.${field} is wrong. Nothing was changed.`,
    );
  }
}
