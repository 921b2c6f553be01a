import { expect } from "chai";
import { InvalidConfig } from "../../provider/essentials/config.ts";
import { hashPolicy } from "../../program/policy/policy.ts";
import { readSettings, type Settings } from "../../program/settings.ts";
import { policy } from "../support/builders.ts";

const good = { apiUrl: "https://us1.proofpointessentials.com", domain: "acme.test", hr: { source: "csv", path: "hr.csv" } };

function settings(config: Record<string, unknown>, secrets: readonly string[] = [], emptyPassphrase = false): Settings {
  const read = (key: string) => {
    const value = config[key];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  };
  return readSettings({ read, keys: Object.keys(config), isSecret: (key) => secrets.includes(key), emptyPassphrase });
}

function problems(config: Record<string, unknown>, secrets: readonly string[] = [], emptyPassphrase = false): readonly string[] {
  try {
    settings(config, secrets, emptyPassphrase);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
  return [];
}

describe("settings", () => {
  it("have a default for everything but the address, the domain and the feed", () => {
    expect(settings(good)).to.deep.equal({
      apiUrl: "https://us1.proofpointessentials.com/api/v1",
      domain: "acme.test",
      credentials: { source: "environment" },
      concurrency: 8,
      timeoutSeconds: 30,
      hr: {
        source: "csv",
        path: "hr.csv",
        columns: {},
        trailerExtra: 0,
        words: {},
      },
      policy: {
        terminated: "functional_account",
        deceased: "functional_account",
        missing: "functional_account",
        active: "end_user",
        leave: "end_user",
        leaveKinds: {},
        pending: "hold",
        leaving: "hold",
        unknown: "hold",
        graceDays: 0,
        silent: "hold",
        inactiveAccounts: "hold",
        domains: [],
        scope: { companyCodes: [], workerCategoryCodes: [], locationCodes: [], includeMissing: false },
        protect: { emails: [], patterns: [] },
      },
      domains: [],
      timeZone: "UTC",
      waves: [],
      promotionMaxAgeHours: 168,
      limits: {
        toFunctional: { count: 50, percent: 10 },
        missing: { count: 25, percent: 5 },
        terminated: { count: 40, percent: 8 },
        toEndUser: { count: 25, percent: 5 },
        minimumUsers: 20,
      },
      passport: {
        shrinkPercent: 10,
        activeDropPoints: 10,
        wordPercent: 95,
        matchPercent: 50,
        maxAgeHours: 72,
        olderDays: 7,
        minimumRows: 20,
      },
    });
  });

  for (const apiUrl of [
    "https://eu1.proofpointessentials.com/",
    "https://eu1.proofpointessentials.com/api/v1",
    "https://eu1.proofpointessentials.com/api/v1/",
  ]) {
    it(`take ${apiUrl} for the same address`, () =>
      expect(settings({ ...good, apiUrl }).apiUrl).to.equal("https://eu1.proofpointessentials.com/api/v1"));
  }

  it("take plain http for the loopback only", () => {
    expect(problems({ ...good, apiUrl: "http://127.0.0.1:8425" })).to.deep.equal([]);
    expect(problems({ ...good, apiUrl: "http://[::1]:8425" })).to.deep.equal([]);
    expect(problems({ ...good, apiUrl: "http://127.0.0.1.evil.test" })[0]).to.contain("plain http would send the password in clear");
  });

  for (const [apiUrl, what] of [
    ["us1.proofpointessentials.com", "is not a URL"],
    ["ftp://us1.proofpointessentials.com", "must begin with https://"],
    ["https://me:secret@us1.proofpointessentials.com", "must not contain a user name or password"],
    ["https://us1.proofpointessentials.com/console", "has an unexpected path"],
  ] as const) {
    it(`refuse ${apiUrl}`, () => expect(problems({ ...good, apiUrl })[0]).to.contain(`proofpoint:apiUrl ${what}`));
  }

  it("never repeat a password that stands in the address", () => {
    expect(problems({ ...good, apiUrl: "https://me:hunter22@us1.proofpointessentials.com" }).join()).to.not.contain("hunter22");
  });

  it("report all problems at once, by key", () => {
    const found = problems({
      domain: "not a domain",
      polcy: {},
      policy: { missing: "delete", extra: 1 },
      limits: { missing: { percent: 200 } },
      hr: { source: "csv" },
    });
    expect(found.map((line) => line.split(" ")[0])).to.have.members([
      "proofpoint:apiUrl",
      "proofpoint:domain",
      "proofpoint:polcy",
      "proofpoint:policy.missing",
      "proofpoint:policy.extra",
      "proofpoint:limits.missing.percent",
      "proofpoint:hr.path",
    ]);
  });

  it("say what a value must be, in words, and take numbers that arrive as text", () => {
    const found = problems({
      ...good,
      concurrency: "abc",
      timeoutSeconds: "0",
      hr: { source: "fax" },
      policy: { missing: "x" },
      limits: { missing: { count: 1.5 } },
    });
    expect(found).to.deep.equal([
      'proofpoint:concurrency is "abc"; it must be a number.',
      'proofpoint:timeoutSeconds is "0"; it must be at least 0.1.',
      found.find((line) => line.startsWith("proofpoint:hr.source"))!,
      'proofpoint:policy.missing is "x"; use functional_account or hold.',
      "proofpoint:limits.missing.count is 1.5; it must be a whole number.",
    ]);
    const taken = settings({ ...good, concurrency: "4", limits: { missing: { percent: "12.5" } } });
    expect([taken.concurrency, taken.limits.missing.percent]).to.deep.equal([4, 12.5]);
  });

  it("say which sources there are, and take codes that look like numbers", () => {
    expect(problems({ ...good, hr: { source: "fax" } })).to.deep.equal(['proofpoint:hr.source is "fax"; use csv or sql or adp or http.']);
    expect(settings({ ...good, policy: { scope: { companyCodes: [1001, "0042"] } } }).policy.scope.companyCodes).to.deep.equal([
      "1001",
      "0042",
    ]);
    expect(problems({ ...good, hr: { source: "csv", path: "ftps://files.acme.test/hr.csv" } })[0]).to.contain(
      "must be a file, or begin with sftp://",
    );
    expect(problems({ ...good, hr: { source: "csv", path: "sftp://hr@files.acme.test:99999/hr.csv", sftp: {} } })[0]).to.contain(
      "proofpoint:hr",
    );
  });

  it("say how to set what is missing", () => {
    expect(problems({ ...good, apiUrl: "" })).to.deep.equal([
      "proofpoint:apiUrl is missing. Set it with `pulumi config set proofpoint:apiUrl VALUE`.",
    ]);
  });

  it("refuse a password in clear", () => {
    const config = { ...good, credentials: { source: "config" }, apiUser: "a@acme.test", apiPassword: "hunter22" };
    expect(problems(config)).to.deep.equal([
      "proofpoint:apiPassword stands in clear. Set it with `pulumi config set --secret proofpoint:apiPassword`.",
    ]);
    expect(problems(config, ["apiPassword"])).to.deep.equal([]);
  });

  it("refuse a password that anybody with the file can decrypt, but for the simulator's", () => {
    const config = { ...good, credentials: { source: "config" }, apiUser: "a@acme.test", apiPassword: "hunter22" };
    expect(problems(config, ["apiPassword"], true)[0]).to.contain("encrypted with an empty passphrase");
    expect(problems({ ...config, apiUrl: "http://127.0.0.1:8425" }, ["apiPassword"], true)).to.deep.equal([]);
  });

  it("take a password for text, whatever it looks like, and never show it", () => {
    const config = { ...good, credentials: { source: "config" }, apiUser: "a@acme.test", apiPassword: "[12345678]" };
    expect(settings(config, ["apiPassword"]).apiPassword).to.equal("[12345678]");
    expect(problems({ ...config, domain: "" }, ["apiPassword"]).join()).to.not.contain("12345678");
  });

  it("never repeat what should be a reference to a secret, and may be the secret", () => {
    const hr = { source: "sql", dialect: "postgres", connection: "postgres://hr:hunter22@db.acme.test/hr" };
    const [problem] = problems({ ...good, hr });
    expect(problem)
      .to.match(/^proofpoint:hr\.connection must say where the secret is: \{ environment: NAME \}.*\.$/)
      .and.not.contain("hunter22");
    for (const pasted of [{ environment: "postgres://hr:hunter22@db/x" }, { vaultUrl: "https://x.vault.azure.net", secret: "hunter22!" }])
      expect(problems({ ...good, hr: { ...hr, connection: pasted } }).join())
        .to.contain("proofpoint:hr.connection")
        .and.not.contain("hunter22");
    const auth = { type: "basic", user: "hunter22", password: { secret: "hunter22" } };
    const http = { source: "http", request: { url: "https://hr.acme.test" }, auth, columns: { email: "a", status: "b" } };
    const found = problems({ ...good, hr: http });
    expect(found.map((line) => line.split(" ")[0])).to.deep.equal(["proofpoint:hr.auth.user", "proofpoint:hr.auth.password"]);
    expect(found.join()).to.not.contain("hunter22");
  });

  it("report all problems of an HR source at once, by key", () => {
    const hr = { source: "csv", path: "hr.csv", words: { x: "gone" }, columns: { mail: "E-Mail" }, trailerExtra: "soon", delimeter: ";" };
    expect(problems({ ...good, hr }).map((line) => line.split(" ")[0])).to.have.members([
      "proofpoint:hr.words.x",
      "proofpoint:hr.columns.mail",
      "proofpoint:hr.trailerExtra",
      "proofpoint:hr.delimeter",
    ]);
  });

  it("refuse the simulator's public login for a real API", () => {
    expect(problems({ ...good, credentials: { source: "simulator" } })[0]).to.contain("only for the simulator on this machine");
  });

  it("cannot be set so that active people are converted", () => {
    expect(problems({ ...good, policy: { active: "functional_account" } })[0]).to.contain("proofpoint:policy.active");
  });

  it("give one policy one hash, however much of it is spelt out", () => {
    expect(hashPolicy(policy({ missing: "functional_account", active: "end_user" }))).to.equal(hashPolicy(policy()));
    expect(hashPolicy(policy({ missing: "hold" }))).to.not.equal(hashPolicy(policy()));
  });
});
