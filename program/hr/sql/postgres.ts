import pg from "pg";
import { TooManyRows, type Connect } from "./database.ts";
import { isLocal } from "./isLocal.ts";

const batch = 5_000;

/** PostgreSQL: a cursor in a read-only transaction, so that the server, too, stops at the row cap. */
export const connectPostgres: Connect = async (connection, { timeoutMs, maxRows }) => {
  const encrypted = isLocal(connection, process.env) || /[?&]sslmode=/.test(connection) ? {} : { ssl: true };
  const client = new pg.Client({
    connectionString: connection,
    ...encrypted,
    connectionTimeoutMillis: Math.min(timeoutMs, 15_000),
    statement_timeout: timeoutMs,
    application_name: "proofpoint-account-state",
    // Values as the server writes them: no dates in this machine's time zone.
    types: { getTypeParser: () => (value: unknown) => String(value) },
  });
  // A lost connection is reported by the query that needed it.
  client.on("error", () => undefined);
  await client.connect();
  // The extended protocol takes one statement only.
  const one = (text: string) => client.query<(string | null)[]>({ text, rowMode: "array", queryMode: "extended" } as pg.QueryArrayConfig);
  return {
    async select(query, onRow) {
      await one("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
      await one("BEGIN TRANSACTION READ ONLY");
      await one("SET LOCAL datestyle TO ISO");
      await one(`DECLARE hr NO SCROLL CURSOR FOR ${query}`);
      const rows: string[][] = [];
      for (;;) {
        const page = await one(`FETCH FORWARD ${batch} FROM hr`);
        rows.push(...page.rows.map((row) => row.map((value) => value ?? "")));
        if (rows.length > maxRows) throw new TooManyRows();
        onRow(rows.length);
        if (page.rows.length < batch) return { columns: page.fields.map(({ name }) => name), rows };
      }
    },
    close: () => client.end(),
  };
};
