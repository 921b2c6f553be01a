import mssql from "mssql";
import { TooManyRows, type Connect } from "./database.ts";

/** SQL Server and Azure SQL. It has no read-only transaction: the login must be one that can only read. */
export const connectMssql: Connect = async (connection, { timeoutMs, maxRows }) => {
  const parsed = mssql.ConnectionPool.parseConnectionString(connection) as mssql.config;
  const pool = new mssql.ConnectionPool({ ...parsed, requestTimeout: timeoutMs, connectionTimeout: Math.min(timeoutMs, 15_000) });
  await pool.connect();
  return {
    select: (query, onRow) =>
      new Promise((done, fail) => {
        let columns: string[] = [];
        const rows: string[][] = [];
        const request = pool.request();
        request.stream = true;
        request.arrayRowMode = true;
        request.on("recordset", (fields: { name: string }[]) => {
          if (columns.length > 0) fail(new Error("the query returns more than one result"));
          else columns = fields.map(({ name }) => name);
        });
        request.on("row", (row: unknown[]) => {
          rows.push(row.map(toText));
          onRow(rows.length);
          if (rows.length <= maxRows) return;
          request.cancel();
          fail(new TooManyRows());
        });
        request.on("error", fail);
        request.on("done", () => done({ columns, rows }));
        void request.query(query);
      }),
    close: () => pool.close(),
  };
};

/** The driver makes JavaScript values of SQL's; dates come as midnight UTC. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "string" ? value : JSON.stringify(value);
}
