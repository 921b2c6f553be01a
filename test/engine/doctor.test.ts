import { expect } from "chai";
import { startEngine, type Engine } from "../support/engine.ts";

const names = ["admin", "a", "b", "leaver"];
const users = names.map((name) => ({ primary_email: `${name}@acme.test`, type: name === "admin" ? "organization_admin" : "end_user" }));
const azure = { sync: true, last_successful_sync: "2026-11-20T02:00:00Z", secret_expiry: "2099-01-01" };
const hr = names.slice(1).map((name) => [name === "leaver" ? "Retired" : "Active", `${name}@acme.test`] as const);
const writing = ({ simulator }: Engine) => simulator.requests.filter(({ method }) => method !== "GET");

describe("npm run doctor, on the real engine", function () {
  this.timeout(60_000);
  let engine: Engine;
  before(async () => {
    engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users, azure }] } });
  });
  after(() => engine.close());
  const doctor = () => engine.node("tools/doctor.ts", "-s", "test");
  /** What was found, subject by subject: level. */
  const levels = (output: string): Record<string, string> =>
    Object.fromEntries(
      [...output.matchAll(/^(ok|warning|problem) +(.+?)  +/gm)].map(([, level, subject]) => [subject, level] as [string, string]),
    );

  it("says ok to everything a run needs, a line each, and changes nothing", async () => {
    await engine.writeHr(hr);
    const { code, output } = await doctor();
    expect(code, output).to.equal(0);
    const subjects = [
      "Node",
      "Pulumi",
      "State",
      "Configuration",
      "Credentials",
      "Host",
      "Login",
      "Directory sync",
      "Exemptions",
      "Licences",
    ];
    expect(levels(output)).to.deep.equal(Object.fromEntries([...subjects, "HR feed", "Day", "Clock"].map((subject) => [subject, "ok"])));
    expect(output)
      .to.contain("4 of 100 in use")
      .and.contain("manage; 0 there, 1 more needed")
      .and.contain("13 ok, 0 warnings, 0 problems.");
    expect(writing(engine)).to.deep.equal([]);
  });

  it("exits 1 at a problem, names the remedy, and goes on with what does not depend on it", async () => {
    await engine.configure({ hr: { source: "csv", path: "gone.csv" } });
    const { code, output } = await doctor();
    expect(code).to.equal(1);
    expect(levels(output)).to.include({ "HR and users": "problem", Clock: "ok", Login: "ok" });
    expect(output).to.contain("Check proofpoint:hr.path");
  });

  it("names a limit, and a feed the next run would refuse", async () => {
    await engine.configure({ limits: { toFunctional: { count: 0 } }, passport: { maxAgeHours: 0.5 } });
    const { code, output } = await doctor();
    expect(code).to.equal(1);
    expect(levels(output)).to.include({ "HR feed": "problem", Limits: "problem" });
    expect(output).to.contain("(proofpoint:limits.toFunctional)").and.contain("(proofpoint:passport.maxAgeHours)");
  });

  it("says once that a password is wrong", async () => {
    engine.simulator.setFaults([{ kind: 401 }]);
    const { code, output } = await doctor();
    engine.simulator.setFaults([]);
    expect(code).to.equal(1);
    expect(levels(output)).to.include({ Login: "problem" });
    expect(output.match(/answered 401/g)).to.have.length(1);
  });

  it("reports every problem of a configuration, credentials by name only, and an API nobody can reach", async () => {
    await engine.configure({ timeZone: "Mars", colour: "red" });
    expect((await doctor()).output.match(/^problem +Configuration/gm)).to.have.length(2);
    await engine.configure({ credentials: { source: "environment" } });
    expect((await doctor()).output).to.match(/^problem +Credentials +The Proofpoint login is incomplete/m);
    await engine.configure({ apiUrl: "http://127.0.0.1:9" });
    const { code, output } = await doctor();
    expect(code).to.equal(1);
    expect(levels(output)).to.include({ "HR and users": "problem", Login: "warning" });
  });
});

describe("The check-up before an up, on the real engine", function () {
  this.timeout(60_000);

  it("stops a login that cannot write before the first account, and lets it preview", async () => {
    const engine = await startEngine({
      seed: { logins: [{ read_only_user: true }], organisations: [{ primary_domain: "acme.test", users, azure }] },
    });
    try {
      await engine.writeHr(hr);
      expect((await engine.pulumi("preview")).code).to.equal(0);
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code).to.not.equal(0);
      expect(output).to.contain("Nothing was changed: this run is not ready.").and.contain("npm run doctor -- -s test");
      expect(output).to.contain("Login: It is organization_admin, of acme.test, and read-only");
      expect(writing(engine)).to.deep.equal([]);
      expect(await engine.managed()).to.deep.equal({});
    } finally {
      await engine.close();
    }
  });

  it("is quiet where all is well, and puts warnings into the report", async () => {
    const engine = await startEngine({
      seed: { organisations: [{ primary_domain: "acme.test", users, azure: { ...azure, secret_expiry: "2020-01-01" } }] },
    });
    try {
      await engine.writeHr(hr);
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code, output).to.equal(0);
      expect(output).to.contain("To look at (1)").and.contain("Directory sync: on").and.contain("its secret expired on 2020-01-01");
      expect(output).to.not.contain("Login:");
    } finally {
      await engine.close();
    }
  });
});
