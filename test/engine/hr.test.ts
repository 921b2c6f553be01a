import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { countRequests } from "../support/api.ts";
import { startPostgres, type TestDatabase } from "../support/databases.ts";
import { startEngine, type Engine } from "../support/engine.ts";

const users = ["kept", "leaver", "later", "seconded", "stranger"].map((name) => ({ primary_email: `${name}@acme.test`, type: "end_user" }));
const rows = [
  "Active,kept@acme.test,2019-01-07,,1001,F,LON",
  "Retired,leaver@acme.test,2015-03-02,2026-10-31,1001,F,LON",
  "Retired,later@acme.test,2015-03-02,2099-12-31,1001,F,LON",
  "Terminated,seconded@acme.test,2015-03-02,2026-10-31,1001,F,LON",
  "Active,new@acme.test,2019-01-07,,1001,F,LON",
  "Active,Slipped Name,2019-01-07,,1001,F,LON",
];
const header = "status,email,hire_date,termination_date,company_code,worker_category_code,location_code";

describe("HR, on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } });
    await writeFile(
      join(engine.workspace.folder, "exceptions.yaml"),
      "- { match: seconded@acme.test, want: end_user, reason: on secondment, owner: helpdesk@acme.test, expires: 2099-12-31 }\n",
    );
  });
  after(() => engine.close());
  beforeEach(async () => {
    engine.simulator.requests.length = 0;
    await engine.configure({ exceptions: "exceptions.yaml" });
    await giveRows(rows);
  });
  const giveRows = (lines: readonly string[]) => writeFile(join(engine.workspace.folder, "hr.csv"), [header, ...lines, ""].join("\n"));

  it("holds everybody but active people while a row may be anybody's, and says which row", async () => {
    const { code, output } = await engine.pulumi("preview");
    expect(code, output).to.equal(0);
    expect(output).to.contain("acme.test: no changes");
    expect(output).to.contain('line 7 was refused: "Slipped Name" is no e-mail address');
    expect(output).to.contain("leaver@acme.test could be meant by line 7 of the HR feed, which could not be read");
  });

  it("decides with dates, exceptions and the day it is, and says so", async () => {
    await giveRows(rows.slice(0, -1));
    const { code, output } = await engine.pulumi("preview");
    expect(code, output).to.equal(0);
    expect(output).to.contain('leaver@acme.test: end_user → functional_account: was terminated in HR on 2026-10-31 (status "Retired")');
    expect(output).to.contain("stranger@acme.test: end_user → functional_account: is not in HR");
    expect(output).to.contain('later@acme.test leaves on 2099-12-31 according to HR (status "Retired")');
    expect(output).to.contain("acme.test: 2 changes");
  });

  it("answers what if, and refuses to act on a day to come", async () => {
    await giveRows(rows.slice(0, -1));
    await engine.configure({ exceptions: "exceptions.yaml", today: "2100-01-15" });
    const preview = await engine.pulumi("preview");
    expect(preview.code, preview.output).to.equal(0);
    expect(preview.output).to.contain("What if: 2100-01-15 is taken for today (proofpoint:today).");
    expect(preview.output).to.contain("acme.test: 4 changes");
    expect(preview.output).to.contain("expired on 2099-12-31 and no longer counts");
    const up = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(up.code).to.not.equal(0);
    expect(up.output).to.contain("Another day is for previews only; nothing was changed.");
    expect(countRequests(engine.simulator)).to.include({ put: 0 });
  });

  it("takes a day written by hand in the stack's file", async () => {
    await giveRows(rows.slice(0, -1));
    expect((await engine.pulumi("config", "set", "proofpoint:today", "2026-10-30")).code).to.equal(0);
    const { code, output } = await engine.pulumi("preview");
    expect(code, output).to.equal(0);
    expect(output).to.contain("leaver@acme.test leaves on 2026-10-31");
  });

  it("npm run hr shows what was read, in numbers only", async () => {
    const { code, output } = await engine.node("tools/hr.ts", "-s", "test");
    expect(code, output).to.equal(0);
    expect(output).to.contain("6 lines, 5 people, 0 lines without an address");
    expect(output).to.match(/Statuses by word\n +3 {2}"Active"\n +2 {2}"Retired"\n +1 {2}"Terminated"/);
    expect(output).to.match(/People by meaning\n +2 {2}active\n +1 {2}leaving\n +2 {2}terminated/);
    expect(output).to.contain("Refused (1)\n  line 7: its address is no e-mail address");
    expect(output).to.contain("People without an account (1)");
    expect(output).to.contain("Accounts HR does not know (1: 1 end_user)");
    expect(output).to.not.contain("@").and.not.contain("Slipped");
    expect(countRequests(engine.simulator)).to.deep.equal({ list: 1, get: 0, put: 0, other: 2 });
  });

  it("npm run hr shows addresses where they are asked for", async () => {
    const { output } = await engine.node("tools/hr.ts", "-s", "test", "--emails");
    expect(output).to.contain("    new@acme.test").and.contain("    stranger@acme.test (end_user)").and.contain('"slipped name"');
  });

  it("npm run hr says what is wrong with a feed, and ends with 1", async () => {
    await giveRows([]);
    const { code, output } = await engine.node("tools/hr.ts", "-s", "test");
    expect(code).to.equal(1);
    expect(output)
      .to.contain("a header and no rows")
      .and.not.match(/\n\s+at /);
  });

  describe("from a real PostgreSQL", () => {
    let database: TestDatabase;
    before(async () => {
      database = await startPostgres();
      await database.run(
        "CREATE TABLE hr_employees (status text, email text, company_code text, worker_category_code text, location_code text)",
        "INSERT INTO hr_employees VALUES ('Active','kept@acme.test','1','F','L'), ('T','leaver@acme.test','1','F','L'), ('Active','later@acme.test','1','F','L'), ('Active','stranger@acme.test','1','F','L')",
      );
    });
    after(() => database.close());

    it("previews with the default query, and keeps the connection to itself", async () => {
      await engine.configure({
        exceptions: "exceptions.yaml",
        hr: { source: "sql", dialect: "postgres", connection: { environment: "HR_DATABASE" } },
      });
      engine.workspace.environment["HR_DATABASE"] = database.url;
      const { code, output } = await engine.pulumi("preview");
      expect(code, output).to.equal(0);
      expect(output).to.contain('leaver@acme.test: end_user → functional_account: was terminated in HR (status "T")');
      expect(output).to.contain("acme.test: 1 change").and.not.contain("postgres:postgres");
      expect(countRequests(engine.simulator)).to.include({ list: 1, put: 0 });
    });
  });
});
