import type { Socket } from "node:net";
import mysql from "mysql2";
import { TooManyRows, type Connect } from "./database.ts";
import { isLocal } from "./isLocal.ts";

/** MySQL and MariaDB: rows as they come, in a read-only transaction. */
export const connectMysql: Connect = async (connection, { timeoutMs, maxRows }) => {
  const encrypted = isLocal(connection) || /[?&]ssl=/.test(connection) ? {} : { ssl: {} };
  const client = mysql.createConnection({
    uri: withoutStatements(connection),
    ...encrypted,
    connectTimeout: Math.min(timeoutMs, 15_000),
    charset: "utf8mb4",
    dateStrings: true,
    multipleStatements: false,
  });
  let lost: (error: Error) => void = () => undefined;
  client.on("error", (error: Error) => lost(error));
  await new Promise<void>((done, fail) => client.connect((error) => (error ? fail(error) : done())));
  const run = client.promise();
  return {
    async select(query, onRow) {
      const [[version]] = (await run.query("SELECT VERSION() AS name")) as unknown as [[{ name: string }]];
      await run.query(
        version.name.includes("MariaDB")
          ? `SET SESSION max_statement_time = ${timeoutMs / 1000}`
          : `SET SESSION max_execution_time = ${Math.round(timeoutMs)}`,
      );
      // A server may be set to give every login the first rows only.
      await run.query("SET SESSION sql_select_limit = 18446744073709551615");
      await run.query("START TRANSACTION READ ONLY");
      return new Promise((done, fail) => {
        lost = fail;
        let columns: string[] = [];
        const rows: string[][] = [];
        // Values as the server writes them, whatever their type.
        client
          .query({ sql: query, rowsAsArray: true, typeCast: (field) => field.string() })
          .on("fields", (fields) => (columns = (fields as unknown as mysql.FieldPacket[]).map(({ name }) => name)))
          .on("result", (row) => {
            if (!Array.isArray(row)) return fail(new Error("the query is no SELECT"));
            if (rows.length > maxRows) return;
            rows.push((row as unknown as (string | null)[]).map((value) => value ?? ""));
            onRow(rows.length);
            if (rows.length <= maxRows) return;
            // The socket itself: the rest would be received and thrown away, however long it is.
            (client as unknown as { stream: Socket }).stream.destroy();
            fail(new TooManyRows());
          })
          .on("error", fail)
          .on("end", () => done({ columns, rows }));
      });
    },
    close: async () => client.destroy(),
  };
};

/** The URL's own parameters would win over `multipleStatements: false`. */
function withoutStatements(connection: string): string {
  const url = URL.parse(connection);
  if (!url) return connection;
  for (const name of [...url.searchParams.keys()]) if (/^(multiplestatements|flags)$/i.test(name)) url.searchParams.delete(name);
  return url.href;
}
