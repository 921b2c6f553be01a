import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { descendants } from "../../bench/measure.ts";
import type { Fault } from "../../simulator/faults.ts";
import type { StackConfig } from "../../tools/workspace.ts";
import { countRequests } from "../support/api.ts";
import { startEngine, type Engine } from "../support/engine.ts";

const header = "status,email,company_code,worker_category_code,location_code\n";
const names = ["a", "b", "c", "d"];
const users = names.map((name) => ({ primary_email: `${name}@acme.test`, type: "end_user" }));

describe("Bad input, on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => (engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } })));
  after(() => engine.close());
  beforeEach(async () => {
    engine.simulator.reset();
    await engine.configure({});
    await engine.writeHr(names.map((name) => ["Active", `${name}@acme.test`] as const));
  });

  interface Bad {
    readonly what: string;
    readonly config?: StackConfig;
    readonly csv?: string | Buffer;
    readonly faults?: readonly Fault[];
    readonly says: readonly string[];
  }
  const cases: readonly Bad[] = [
    { what: "a missing key", config: { domain: "", hr: {} }, says: ["proofpoint:domain is missing", "proofpoint:hr.source is missing"] },
    {
      what: "a wrong URL",
      config: { apiUrl: "http://us1.proofpointessentials.com" },
      says: ["proofpoint:apiUrl must begin with https://"],
    },
    { what: "a server that is not there", config: { apiUrl: "http://127.0.0.1:9" }, says: ["no connection to 127.0.0.1:9 (ECONNREFUSED)"] },
    { what: "a missing login", config: { credentials: { source: "environment" } }, says: ["PROOFPOINT_USER and PROOFPOINT_PASSWORD"] },
    { what: "a feed that is not there", config: { hr: { source: "csv", path: "gone.csv" } }, says: ["gone.csv: there is no such file"] },
    {
      what: "a feed without an address",
      csv: `${header}Active,,1,F,L\nActive,n/a,1,F,L\n`,
      says: ["None of the 2 lines of the HR feed", "has an address that can be read"],
    },
    {
      what: "another organisation's feed",
      csv: `${header}Active,x@other.test,1,F,L\n`,
      says: ["None of the 1 people in the HR feed has an account"],
    },
    { what: "an empty feed", csv: header, says: ["a header and no rows", "never means that everybody left"] },
    { what: "a CSV without a header", csv: "Active,a@acme.test,1,F,L\n", says: ["is not a header"] },
    { what: "a ragged row", csv: `${header}Active,a@acme.test,1\n`, says: ["line 2 has 3 cells where the header has 5"] },
    { what: "damaged UTF-8", csv: Buffer.from(`${header}Active,j\x81rg@acme.test,1,F,L\n`, "latin1"), says: ["line 2 is neither UTF-8"] },
    { what: "dates that can be read in two ways", csv: `hire_date,${header}1/2/2026,Active,a@acme.test,1,F,L\n`, says: ["dateOrder mdy"] },
    {
      what: "a missing secret",
      config: { hr: { source: "sql", dialect: "postgres", connection: { environment: "HR_DB" } } },
      says: ["HR_DB is not set"],
    },
    { what: "exceptions that are not there", config: { exceptions: "gone.yaml" }, says: ["gone.yaml cannot be used", "no such file"] },
    {
      what: "a scope the feed cannot show",
      csv: "status,email,location_code\nActive,a@acme.test,L\n",
      config: {
        hr: { source: "csv", path: "hr.csv", columns: { companyCode: "", workerCategoryCode: "" } },
        policy: { scope: { companyCodes: ["1001"] } },
      },
      says: ["proofpoint:policy.scope.companyCodes is set", "has no column for it"],
    },
    {
      what: "a wrong password",
      faults: [{ kind: 401 }],
      says: ["Could not list the users of acme.test: the API answered 401", "proofpoint:credentials"],
    },
    { what: "an HTML page for an answer", faults: [{ kind: "html" }], says: ["the API answered 502 (Bad gateway)"] },
    { what: "half a list", faults: [{ kind: "truncated" }], says: ["something that is not JSON", "cut short"] },
    {
      what: "a limit exceeded",
      csv: `${header}Active,a@acme.test,1,F,L\n`,
      config: { limits: { toFunctional: { count: 2 }, missing: { count: 1 } } },
      says: [
        "would exceed 2 limits",
        "3 of 4 managed users (75.0 %)",
        "proofpoint:limits.toFunctional",
        "proofpoint:limits.missing",
        'npm run approve -- -s test --reason "why they are right"',
      ],
    },
  ];

  for (const { what, config, csv, faults, says } of cases) {
    it(`${what}: one clear error, a non-zero exit, nothing declared, no stack trace`, async () => {
      if (config) await engine.configure(config);
      if (csv !== undefined) await writeFile(join(engine.workspace.folder, "hr.csv"), csv);
      engine.simulator.setFaults(faults ?? []);
      const { code, output } = await engine.pulumi("preview");
      expect(code, output).to.not.equal(0);
      for (const text of says) expect(output).to.contain(text);
      expect(output).to.not.match(/\n\s+at .*[:(]\d+/);
      expect(output).to.not.contain("UserType");
      expect(countRequests(engine.simulator)).to.include({ put: 0 });
    });
  }

  it("a user type nobody knows: its account is left alone, and the report says so", async () => {
    engine.simulator.users()[1]!.type = "space_admin";
    await engine.writeHr(names.map((name) => ["Terminated", `${name}@acme.test`] as const));
    await engine.configure({ limits: { toFunctional: { count: 50, percent: 100 } } });
    const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(code, output).to.equal(0);
    expect(output).to.contain('b@acme.test is "space_admin", a type this program does not know; such accounts are never touched');
    expect(output).to.contain('Accounts of a type this program does not know, which are never touched ("space_admin"): b@acme.test.');
    const converted = "functional_account";
    expect(engine.simulator.users().map(({ type }) => type)).to.deep.equal([converted, "space_admin", converted, converted]);
  });
});

describe("The password of the stack, on the real engine", function () {
  this.timeout(60_000);
  const password = "correct horse+battery/4711";
  const forms = [password, encodeURIComponent(password), Buffer.from(password).toString("base64")];
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ seed: { logins: [{ password }], organisations: [{ primary_domain: "acme.test", users }] } });
    await engine.configure({ credentials: { source: "config" }, apiUser: "admin@acme.test", report: "out/test" });
    await engine.writeHr([
      ["Active", "a@acme.test"],
      ["Retired", "b@acme.test"],
      ["Active", "c@acme.test"],
      ["Retired", "d@acme.test"],
    ]);
  });
  after(() => engine.close());

  it("opens the API, and is in no output, state, report, stack file or error", async () => {
    const set = await engine.pulumi("config", "set", "--secret", "proofpoint:apiPassword", password);
    expect(set.code, set.output).to.equal(0);
    engine.simulator.setFaults([{ kind: "ignored", method: "PUT", path: "d@acme.test" }]);
    const up = await engine.pulumi("up", "--yes", "--skip-preview", "--diff");
    expect(up.output).to.contain("Could not set d@acme.test");
    expect(engine.simulator.users()[1]?.type).to.equal("functional_account");
    const state = await engine.pulumi("stack", "export");
    expect(Object.keys(await engine.managed())).to.include("b@acme.test");
    const files = ["Pulumi.test.yaml", "out/test.json", "out/test.md"];
    const texts = [up.output, state.output, ...(await Promise.all(files.map((file) => engine.readFile(file))))];
    for (const text of texts) for (const form of forms) expect(text).to.not.contain(form);
  });

  it("that is wrong is refused by the API, and shown nowhere either", async () => {
    await engine.pulumi("config", "set", "--secret", "proofpoint:apiPassword", `${password}-old`);
    const { code, output } = await engine.pulumi("preview");
    expect(code).to.not.equal(0);
    expect(output).to.contain("the API answered 401").and.not.contain(password);
  });
});

describe("A run with failing users, on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } });
    await engine.writeHr(names.map((name) => ["Active", `${name}@acme.test`] as const));
    await engine.pulumi("up", "--yes", "--skip-preview");
    await engine.writeHr(names.map((name) => ["Terminated", `${name}@acme.test`] as const));
    applied = await outputs();
  });
  after(() => engine.close());
  let applied: unknown;
  const outputs = async () => {
    const { feed, feeds, policyHash } = JSON.parse((await engine.pulumi("stack", "output", "--json")).output) as Record<string, unknown>;
    return { feed, feeds, policyHash };
  };

  it("reports each by address and does the others", async () => {
    engine.simulator.setFaults([
      { kind: "ignored", method: "PUT", path: "a@acme.test" },
      { kind: 404, method: "GET", path: "b@acme.test" },
    ]);
    const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(code).to.not.equal(0);
    expect(output).to.contain(
      "Could not set a@acme.test to functional_account: the API accepted the change, and the account is still end_user",
    );
    expect(output).to.contain("Could not set b@acme.test to functional_account: the API answered 404");
    expect(output).to.not.match(/\n\s+at .*[:(]\d+/);
    expect(engine.simulator.users().map(({ type }) => type)).to.deep.equal([
      "end_user",
      "end_user",
      "functional_account",
      "functional_account",
    ]);
  });

  it("is not remembered as applied", async () => {
    expect(await outputs()).to.deep.equal(applied);
  });

  it("finishes the rest in a second run, and writes no more than is missing", async () => {
    engine.simulator.setFaults([]);
    engine.simulator.requests.length = 0;
    const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(code, output).to.equal(0);
    expect(countRequests(engine.simulator)).to.deep.equal({ list: 3, get: 2, put: 2, other: 3 });
    expect(await outputs()).to.not.deep.equal(applied);
  });

  it("says of a read-only login what it is, once a user, and changes nothing", async () => {
    await engine.writeHr([["Active", "a@acme.test"], ...names.slice(1).map((name) => ["Terminated", `${name}@acme.test`] as const)]);
    engine.simulator.setFaults([{ kind: 403, method: "PUT" }]);
    const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
    expect(code).to.not.equal(0);
    expect(output).to.contain("Could not set a@acme.test to end_user: the API answered 403").and.contain("The login may be read-only");
    expect(engine.simulator.users()[0]?.type).to.equal("functional_account");
  });

  it("reports a wrong password in a refresh once, not once a user", async () => {
    engine.simulator.setFaults([{ kind: 401 }]);
    const { code, output } = await engine.pulumi("preview");
    expect(code).to.not.equal(0);
    expect(output.split("Diagnostics:")[1]?.match(/error: .*answered 401/g)).to.have.length(1);
    expect(output).to.not.match(/\n\s+at .*[:(]\d+/);
    expect(Object.keys(await engine.managed())).to.have.length(4);
  });
});

describe("The report, on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => (engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } })));
  after(() => engine.close());

  it("has the same lines on the console, in Markdown and in JSON", async () => {
    await engine.configure({ report: "out/test" });
    await engine.writeHr([
      ["Active", "a@acme.test"],
      ["Furlough", "b@acme.test"],
      ["Retired", "c@acme.test"],
    ]);
    const { code, output } = await engine.pulumi("preview");
    expect(code, output).to.equal(0);
    const markdown = await engine.readFile("out/test.md");
    const lines = markdown.split("\n").flatMap((line) => /^(?:#+|-) (.*)$/.exec(line)?.[1] ?? []);
    expect(lines.length).to.be.greaterThan(6);
    for (const line of lines) expect(output).to.contain(line);
    const json = JSON.parse(await engine.readFile("out/test.json")) as { summary: object; changes: { decisions: object[] }[] };
    expect(json.summary).to.deep.equal({ users: 4, managed: 4, toFunctional: 2, toEndUser: 0, held: 1, unmanaged: 0, problems: 0 });
    expect(json.changes.flatMap(({ decisions }) => decisions)).to.deep.include({
      email: "c@acme.test",
      have: "end_user",
      want: "functional_account",
      rule: "terminated",
      reason: 'was terminated in HR (status "Retired")',
      held: false,
    });
  });

  it("that cannot be written stops the run", async () => {
    await engine.configure({ report: "hr.csv/test" });
    const { code, output } = await engine.pulumi("preview");
    expect(code).to.not.equal(0);
    expect(output).to.contain("Could not write the report").and.contain("proofpoint:report");
  });
});

describe("A saved plan, on the real engine", function () {
  this.timeout(60_000);
  it("is applied as it was reviewed, and stops an up that would do more", async () => {
    const engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] } });
    const hr = (...leavers: string[]) =>
      engine.writeHr(names.map((name) => [leavers.includes(name) ? "Retired" : "Active", `${name}@acme.test`] as const));
    const types = () =>
      engine.simulator
        .users()
        .map(({ type }) => (type === "end_user" ? "e" : "f"))
        .join("");
    try {
      await hr();
      expect((await engine.pulumi("up", "--yes", "--skip-preview")).code).to.equal(0);
      await hr("a");
      expect((await engine.pulumi("preview", "--save-plan", "plan.json")).code).to.equal(0);
      const exact = await engine.pulumi("up", "--yes", "--skip-preview", "--plan", "plan.json");
      expect(exact.code, exact.output).to.equal(0);
      expect(types()).to.equal("feee");

      await hr("a", "b");
      expect((await engine.pulumi("preview", "--save-plan", "plan.json")).code).to.equal(0);
      await hr("a", "c");
      const other = await engine.pulumi("up", "--yes", "--skip-preview", "--plan", "plan.json");
      expect(other.code).to.not.equal(0);
      expect(other.output).to.contain("violates plan");
      expect(types()).to.equal("feee");
    } finally {
      await engine.close();
    }
  });
});

describe("Odd accounts, on the real engine", function () {
  this.timeout(60_000);
  it("do not keep the others waiting: blanks in the address, two spellings of one address", async () => {
    const odd = ["jane doe@acme.test", "nobody", "B@acme.test", "b@acme.test", "a+x#y/z@acme.test", "jörg@acme.test"];
    const engine = await startEngine({
      seed: { organisations: [{ primary_domain: "acme.test", users: odd.map((primary_email) => ({ primary_email, type: "end_user" })) }] },
    });
    try {
      await engine.writeHr([
        ["Active", "b@acme.test"],
        ["Retired", "JÖRG@acme.test"],
        ["Retired", "a+x#y/z@acme.test"],
      ]);
      const adopted = await engine.node("tools/adopt.ts", "-s", "test");
      expect(adopted.code, adopted.output).to.equal(0);
      expect(adopted.output).to.contain("6 users: 4 to adopt").and.contain("differ only in spelling: B@acme.test, b@acme.test.");
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code, output).to.equal(0);
      expect(output).to.contain("B@acme.test has the address b@acme.test, which b@acme.test has too");
      const types = Object.fromEntries(engine.simulator.users().map(({ primary_email, type }) => [primary_email, type]));
      expect(types).to.deep.equal({
        "jane doe@acme.test": "functional_account",
        nobody: "functional_account",
        "B@acme.test": "end_user",
        "b@acme.test": "end_user",
        "a+x#y/z@acme.test": "functional_account",
        "jörg@acme.test": "functional_account",
      });
    } finally {
      await engine.close();
    }
  });
});

describe("A killed run, on the real engine", function () {
  this.timeout(120_000);
  it("writes nothing more, and the next run does what is left", async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ primary_email: `u${index}@acme.test`, type: "end_user" }));
    const engine = await startEngine({ latencyMs: 200, seed: { organisations: [{ primary_domain: "acme.test", users: many }] } });
    const puts = () => countRequests(engine.simulator).put;
    const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    try {
      const all = { count: 40, percent: 100 };
      await engine.configure({ limits: { toFunctional: all, terminated: all } });
      await engine.writeHr(many.map(({ primary_email }) => ["Retired", primary_email] as const));
      const killed = spawn("pulumi", ["up", "--yes", "--skip-preview", "--stack", "test"], {
        cwd: engine.workspace.folder,
        env: engine.workspace.environment,
        stdio: "ignore",
      });
      while (puts() < 3) await rest(20);
      const leftovers = descendants(killed.pid!);
      killed.kill("SIGKILL");
      await rest(1500);
      const written = puts();
      expect(written).to.be.lessThan(40);
      await rest(1500);
      expect(puts()).to.equal(written);
      for (const pid of leftovers) endProcess(pid);

      expect((await engine.pulumi("cancel", "--yes")).code).to.equal(0);
      engine.simulator.requests.length = 0;
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code, output).to.equal(0);
      expect(puts()).to.be.at.most(40 - written + 8);
      expect(engine.simulator.users().every(({ type }) => type === "functional_account")).to.equal(true);
    } finally {
      await engine.close();
    }
  });
});

/** Pulumi's own language host outlives a killed CLI. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself, as it should.
  }
}
