import { expect } from "chai";
import { FeedError } from "../../../../program/hr/row.ts";
import { isLocal } from "../../../../program/hr/sql/isLocal.ts";
import { toText } from "../../../../program/hr/sql/mssql.ts";
import { hrSchema } from "../../../../program/hr/source.ts";
import { TooManyRows, type Connect } from "../../../../program/hr/sql/database.ts";
import { defaultQuery, readSql } from "../../../../program/hr/sql/sql.ts";
import { rejection } from "../../../support/api.ts";
import { startMariadb, startPostgres, type TestDatabase } from "../../../support/databases.ts";
import { inShort, readHr, sourceContext } from "../../../support/source.ts";

const table = [
  "CREATE TABLE hr_employees (status VARCHAR(40), email VARCHAR(200), company_code VARCHAR(20), worker_category_code VARCHAR(20), location_code VARCHAR(20), hired DATE, pay DECIMAL(10,2))",
  "INSERT INTO hr_employees VALUES ('Active','jane@acme.test','0042','F','LON','2019-01-07',1.50), ('Terminated','jörg@acme.test','0042','F',NULL,'2015-03-02',2), ('Active',NULL,'0042','F','LON','2015-03-02',2)",
];

interface Kind {
  readonly dialect: "postgres" | "mysql";
  readonly start: () => Promise<TestDatabase | undefined>;
  /** A statement that takes three seconds, and one that fails after some rows. */
  readonly slow: string;
  readonly failing: string;
  readonly series: string;
}

const kinds: readonly Kind[] = [
  {
    dialect: "postgres",
    start: startPostgres,
    slow: "SELECT 'Active' AS status, 'a@b.test' AS email, '' AS company_code, '' AS worker_category_code, '' AS location_code FROM pg_sleep(3)",
    failing:
      "SELECT 'Active' AS status, (1 / (10 - n))::text AS email, '' AS company_code, '' AS worker_category_code, '' AS location_code FROM generate_series(1, 20) n",
    series:
      "SELECT 'Active' AS status, n || '@acme.test' AS email, '' AS company_code, '' AS worker_category_code, '' AS location_code FROM generate_series(1, 12000) n",
  },
  {
    dialect: "mysql",
    start: startMariadb,
    slow: "SELECT 'Active' AS status, SLEEP(3) AS email, '' AS company_code, '' AS worker_category_code, '' AS location_code FROM DUAL",
    failing:
      "SELECT 'Active' AS status, (SELECT email FROM hr_employees) AS email, '' AS company_code, '' AS worker_category_code, '' AS location_code FROM hr_employees",
    series:
      "SELECT 'Active' AS status, CONCAT(seq, '@acme.test') AS email, '' AS company_code, '' AS worker_category_code, '' AS location_code FROM seq_1_to_12000",
  },
];

for (const { dialect, start, slow, failing, series } of kinds) {
  describe(`HR from a real ${dialect === "postgres" ? "PostgreSQL" : "MariaDB"}`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    before(async function () {
      const started = await start();
      if (!started) return this.skip();
      database = started;
      await database.run(...table);
    });
    after(() => (database as TestDatabase | undefined)?.close());

    const read = (settings: object = {}, url = database.url) =>
      readHr({ source: "sql", dialect, connection: { environment: "HR" }, ...settings }, { environment: { HR: url } });
    const refusal = async (settings: object, url?: string) => {
      const error = await rejection(read(settings, url));
      expect(error).to.be.instanceOf(FeedError);
      return error.message;
    };

    it("reads the five columns with the default query, as text", async () => {
      const feed = await read();
      expect(inShort(feed)).to.deep.equal(["Active jane@acme.test", "Terminated jörg@acme.test"]);
      expect(feed.rows[1]).to.include({ at: 2, companyCode: "0042", locationCode: "" });
      expect(feed.unit).to.equal("row");
    });

    it("reads any other query, dates as the server writes them, and drops what it does not know", async () => {
      const feed = await read({ query: `${defaultQuery.replace("SELECT", "SELECT hired AS hire_date, pay,")} ORDER BY email;` });
      expect(feed.rows[0]).to.include({ hireDate: "2019-01-07" });
      expect(JSON.stringify(feed.rows)).to.not.contain("1.50");
    });

    it("reads queries with comments, in parentheses, and with a WITH", async () => {
      for (const query of [
        `-- everybody\n${defaultQuery} -- so far;\n`,
        `/* all */ (${defaultQuery})`,
        `WITH all_of_them AS (${defaultQuery}) SELECT * FROM all_of_them;`,
      ])
        expect(inShort(await read({ query })), query).to.have.length(2);
    });

    it("finds aliases and configured columns as in a CSV", async () => {
      const query = "SELECT status AS position_status, email AS mail FROM hr_employees WHERE email IS NOT NULL";
      const columns = { email: "mail", companyCode: "", workerCategoryCode: "", locationCode: "" };
      expect(inShort(await read({ query, columns }))).to.have.length(2);
      expect(await refusal({ query })).to.contain("it has no column email");
    });

    it("reads many rows in pages, and says how many", async () => {
      const counts: number[] = [];
      const settings = hrSchema.parse({ source: "sql", dialect, connection: { environment: "HR" }, query: series });
      if (settings.source !== "sql") throw new Error("It is SQL.");
      const raw = await readSql(settings, sourceContext({ environment: { HR: database.url } }), (count) => counts.push(count));
      expect(raw.records).to.have.length(12_000);
      expect(counts.at(-1)).to.equal(12_000);
    });

    it("changes nothing, whatever the query says", async () => {
      const before = await read();
      for (const query of ["DELETE FROM hr_employees", "CALL anything()", "DROP TABLE hr_employees", ""])
        expect(hrSchema.safeParse({ source: "sql", dialect, connection: { environment: "HR" }, query }).success, query).to.equal(false);
      if (dialect === "postgres")
        expect(await refusal({ query: "WITH gone AS (DELETE FROM hr_employees RETURNING *) SELECT * FROM gone" })).to.contain(
          "the query failed",
        );
      expect(await refusal({ query: "SELECT 1; DROP TABLE hr_employees" })).to.contain("the query failed");
      expect(await refusal({ query: "SELECT 1; COMMIT; DROP TABLE hr_employees" })).to.contain("the query failed");
      expect((await read()).hash).to.equal(before.hash);
    });

    // PostgreSQL's answer comes in pages, so that nothing has to be stopped there.
    if (dialect === "mysql")
      it("stops the server's answer at the row cap", async () => {
        const started = Date.now();
        const query = series.replace("seq_1_to_12000", "seq_1_to_5000000");
        expect(await refusal({ query, maxRows: 1000 })).to.contain("more than 1000 rows");
        expect(Date.now() - started).to.be.lessThan(3_000);
        await database.run("SET GLOBAL sql_select_limit = 1");
        expect((await read()).rows).to.have.length(2);
        await database.run("SET GLOBAL sql_select_limit = DEFAULT");
        const url = `${database.url}?multipleStatements=true`;
        expect(await refusal({ query: `${defaultQuery}; COMMIT; DELETE FROM hr_employees` }, url)).to.contain("the query failed");
        expect((await read()).rows).to.have.length(2);
      });

    it("refuses a result over the row cap", async () => {
      expect(await refusal({ query: series, maxRows: 100 }))
        .to.contain("more than 100 rows")
        .and.contain("proofpoint:hr.maxRows");
    });

    it("refuses a query that takes too long, and one that fails in the middle", async () => {
      const started = Date.now();
      await refusal({ query: slow, timeoutSeconds: 1 });
      expect(Date.now() - started).to.be.lessThan(2_500);
      expect(await refusal({ query: failing })).to.contain("the query failed");
    });

    it("refuses no rows: that never means that everybody left", async () => {
      expect(await refusal({ query: `${defaultQuery} AND status = 'x'` })).to.contain("the query returned no rows");
    });

    it("says what the database said, without the password", async () => {
      const url = new URL(database.url);
      url.username = "nobody";
      url.password = "s3cret-word";
      const message = await refusal({}, url.href);
      expect(message).to.contain("no connection").and.not.contain("s3cret-word");
      url.password = "100%sure";
      expect(await refusal({}, url.href.replace("100%25sure", "100%sure")))
        .to.contain("no connection")
        .and.not.contain("100%");
      expect(await refusal({}, database.url.replace(/:\d+\//, ":9/"))).to.contain("no connection");
    });
  });
}

describe("A database's address", () => {
  const cases: [string, boolean][] = [
    ["postgres://u:p@127.0.0.1:5432/hr", true],
    ["postgres://u:p@localhost/hr", true],
    ["postgres:///hr", true],
    ["postgres://u:p@/hr?host=/run/postgresql", false],
    ["postgres://u:p@/hr?host=db.acme.test", false],
    ["postgres:///hr?host=db.acme.test", false],
    ["postgres://u:p@127.evil.test/hr", false],
    ["postgres://u:p@db.acme.test/hr", false],
  ];
  for (const [url, local] of cases) it(`${url} is ${local ? "on this machine" : "encrypted"}`, () => expect(isLocal(url)).to.equal(local));
  it("without a host is where the environment says", () => expect(isLocal("postgres:///hr", { PGHOST: "db.acme.test" })).to.equal(false));

  it("of another form is refused without showing it, and a password in odd places is taken out", async () => {
    const refusal = async (text: string) =>
      (await rejection(readHr({ source: "sql", dialect: "postgres", connection: { environment: "HR" } }, { environment: { HR: text } })))
        .message;
    expect(await refusal("host=db user=hr password=hunter22"))
      .to.contain("It must look like postgres://")
      .and.not.contain("hunter22");
    expect(await refusal("postgres://hr:Sup@hunter22/x@db.invalid/x")).to.not.contain("hunter22");
  });
});

describe("HR from SQL Server, behind the query interface", () => {
  const settings = hrSchema.parse({ source: "sql", dialect: "mssql", connection: { environment: "HR" } });
  const connection = "Server=db.acme.test;Database=hr;User Id=reader;Password=s3cret-word;";
  const read = async (connect: Connect) => {
    if (settings.source !== "sql") throw new Error("It is SQL.");
    return readSql(
      settings,
      sourceContext({ environment: { HR: connection } }),
      () => undefined,
      async () => connect,
    );
  };

  it("hands the connection string and the limits to the driver, closes it, and reads what it returns", async () => {
    let closed = 0;
    const feed = await read(async (text, limits) => {
      expect([text, limits]).to.deep.equal([connection, { timeoutMs: 60_000, maxRows: 500_000 }]);
      return {
        select: async () => ({ columns: ["status", "email"], rows: [["Active", "jane@acme.test"]] }),
        close: async () => {
          closed++;
        },
      };
    });
    expect(feed.records).to.deep.equal([{ at: 1, cells: ["Active", "jane@acme.test"] }]);
    expect(closed).to.equal(1);
  });

  it("closes it after a failure too, and shows no password", async () => {
    let closed = 0;
    const fail = (error: Error) =>
      read(async () => ({
        select: () => Promise.reject(error),
        close: async () => {
          closed++;
        },
      }));
    expect((await rejection(fail(new Error(`login failed: ${connection}`)))).message)
      .to.contain("login failed")
      .and.not.contain("s3cret");
    expect((await rejection(fail(new TooManyRows()))).message).to.contain("more than 500000 rows");
    expect(closed).to.equal(2);
  });

  it("says when the real driver finds nobody", async function () {
    this.timeout(30_000);
    const error = await rejection(
      readHr(
        { source: "sql", dialect: "mssql", connection: { environment: "HR" }, timeoutSeconds: 5 },
        { environment: { HR: "Server=127.0.0.1,9;Database=hr;User Id=reader;Password=s3cret-word;Encrypt=false" } },
      ),
    );
    expect(error).to.be.instanceOf(FeedError);
    expect(error.message).to.contain("no connection").and.not.contain("s3cret-word");
  });

  it("makes text of the values its driver makes", () => {
    expect([null, "x", 42, true, new Date("2026-10-31T00:00:00Z")].map(toText)).to.deep.equal([
      "",
      "x",
      "42",
      "true",
      "2026-10-31T00:00:00.000Z",
    ]);
  });
});
