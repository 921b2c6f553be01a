import { z } from "zod";
import { numeric } from "../../../provider/essentials/config.ts";
import { rowColumns } from "../columns.ts";
import { hashRecords } from "../hashRecords.ts";
import { quote } from "../quote.ts";
import { FeedError, type RawFeed, type RawRecord } from "../row.ts";
import { redact, secretReference } from "../secret.ts";
import type { Progress } from "../progress.ts";
import type { SourceContext } from "../sourceContext.ts";
import { OutOfTime, within } from "../within.ts";
import { TooManyRows, type Connect, type Database } from "./database.ts";

export const dialects = ["postgres", "mssql", "mysql"] as const;
export type Dialect = (typeof dialects)[number];

/** The plain feed: these five columns need no mapping at all. */
export const defaultQuery = `SELECT ${(["status", "email", "companyCode", "workerCategoryCode", "locationCode"] as const).map((field) => rowColumns[field][0]).join(", ")} FROM hr_employees WHERE email IS NOT NULL`;

/** HR data from a database: one SELECT with a login that can only read. */
export const sqlKeys = {
  dialect: z.enum(dialects),
  /** The driver's connection string: postgres://…, mysql://…, or Server=…;Database=… for SQL Server. */
  connection: secretReference,
  query: z
    .string()
    .trim()
    .refine((text) => /^(?:\s|--.*\n|\/\*[^]*?\*\/)*\(?(SELECT|WITH)\b/i.test(text), "must be one SELECT (or WITH … SELECT)")
    .default(defaultQuery),
  /** For the whole read, and for the statement on the server, in seconds. */
  timeoutSeconds: numeric(z.number().min(1).max(3600)).default(60),
  /** A read that brings more is refused: it is not the table it should be. */
  maxRows: numeric(z.number().int().min(1).max(5_000_000)).default(500_000),
};
export type SqlSettings = z.infer<z.ZodObject<typeof sqlKeys>>;

/** Drivers are loaded by those who use them only. */
const drivers: Readonly<Record<Dialect, () => Promise<Connect>>> = {
  postgres: async () => (await import("./postgres.ts")).connectPostgres,
  mysql: async () => (await import("./mysql.ts")).connectMysql,
  mssql: async () => (await import("./mssql.ts")).connectMssql,
};

const examples: Readonly<Record<Dialect, string>> = {
  postgres: "postgres://user:password@host:5432/database",
  mysql: "mysql://user:password@host:3306/database",
  mssql: "Server=host;Database=name;User Id=user;Password=password",
};

/** @throws FeedError naming the step that failed and what the database said */
export async function readSql(
  { dialect, connection, query, timeoutSeconds, maxRows }: SqlSettings,
  { readSecret }: SourceContext,
  progress: Progress,
  loadDriver: (dialect: Dialect) => Promise<Connect> = (name) => drivers[name](),
): Promise<RawFeed> {
  const name = `the HR database (${dialect})`;
  const text = await readSecret(connection, "connection string of the HR database");
  const refuse = (what: string, remedy: string): never => {
    throw new FeedError(`Could not read ${name}: ${what}. ${remedy} Nothing was changed.`);
  };
  const form = dialect === "mssql" ? /;|=/ : dialect === "mysql" ? /^mysql:\/\// : /^postgres(ql)?:\/\//;
  if (!form.test(text)) refuse("its connection string has another form", `It must look like ${examples[dialect]}.`);
  const limits = { timeoutMs: timeoutSeconds * 1000, maxRows };
  const connect = await loadDriver(dialect);
  let database: Database | undefined;
  try {
    database = await connect(text, limits);
    const { columns, rows } = await within(limits.timeoutMs, database.select(query.replace(/;\s*$/, ""), progress));
    if (rows.length === 0)
      refuse("the query returned no rows", "An empty result never means that everybody left. Check the query and the table.");
    const records = rows.map((cells, index): RawRecord => ({ at: index + 1, cells }));
    return { name, columns, records, unit: "row", hash: hashRecords(columns, records), notes: [] };
  } catch (error) {
    if (error instanceof FeedError) throw error;
    if (error instanceof TooManyRows)
      return refuse(`the query returned more than ${maxRows} rows`, "Check the query, or raise proofpoint:hr.maxRows.");
    if (error instanceof OutOfTime)
      return refuse(`it took longer than ${timeoutSeconds} s`, "Make the query faster, or raise proofpoint:hr.timeoutSeconds.");
    const said = (error as Error).message || ((error as NodeJS.ErrnoException).code ?? "nothing");
    return refuse(
      `${database ? "the query failed" : "no connection"}: ${quote(redact(said, secretsOf(text)), 200)}`,
      database ? "Check proofpoint:hr.query and the login's rights." : "Check the connection string and the network.",
    );
  } finally {
    await database?.close().catch(() => undefined);
  }
}

/** The connection string, and the password in it. */
function secretsOf(connection: string): string[] {
  const password = URL.parse(connection)?.password ?? "";
  const [, ado = ""] = /(?:password|pwd)\s*=\s*("[^"]*"|[^;]*)/i.exec(connection) ?? [];
  // A password with @ or / in it, not encoded, ends up in other parts of the URL.
  const [, rest = ""] = /\/\/[^:@/]*:(.*)@/.exec(connection) ?? [];
  return [connection, password, decoded(password), ado, rest, ...rest.split(/[@/:]/)].filter((secret) => secret !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
