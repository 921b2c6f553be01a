import { expect } from "chai";
import { startEngine, type Engine } from "../support/engine.ts";

const names = ["admin", "kept", "leaver", "missing", "mailbox", "before"];
const users = names.map((name) => ({
  primary_email: `${name}@acme.test`,
  type: name === "admin" ? "organization_admin" : name === "mailbox" ? "functional_account" : "end_user",
}));
const azure = { primary_domain: "acme.test", last_successful_sync: "2026-11-20T02:00:00Z", sync_frequency: 24 };
const organisation = { primary_domain: "acme.test", users, azure, exemptions: ["Before@acme.test", "console@acme.test"] };

for (const exemptionsBody of ["any", "text", "array", "object"] as const) {
  describe(`Exemptions from directory sync, on the real engine, sent as ${exemptionsBody}`, function () {
    this.timeout(60_000);
    let engine: Engine;
    before(async () => {
      engine = await startEngine({ seed: { organisations: [organisation] }, switches: { exemptionsBody } });
      await engine.configure({ limits: { toFunctional: { count: 50, percent: 100 } } });
    });
    after(() => engine.close());

    const feed = (leaver: string, before = "Terminated") =>
      engine.writeHr([
        ["Active", "kept@acme.test"],
        [leaver, "leaver@acme.test"],
        [before, "before@acme.test"],
      ]);
    const up = () => engine.pulumi("up", "--yes", "--skip-preview");
    const exempt = () => engine.simulator.exemptions();
    const asked = () => engine.simulator.requests.splice(0).map(({ method, path }) => `${method} ${path.split("/acme.test")[1] ?? ""}`);
    const writes = () => asked().filter((each) => !each.startsWith("GET"));

    it("come before the types of leavers, of people HR does not know and of shared mailboxes, in one request", async () => {
      await feed("Terminated");
      const { code, output } = await up();
      expect(code, output).to.equal(0);
      expect(exempt()).to.have.members([
        "Before@acme.test",
        "console@acme.test",
        "leaver@acme.test",
        "missing@acme.test",
        "mailbox@acme.test",
      ]);
      const done = writes();
      const puts = done.filter((each) => each.endsWith("/exemptions"));
      if (exemptionsBody === "any") expect(puts).to.have.length(1);
      expect(done.indexOf(puts.at(-1)!)).to.be.lessThan(done.findIndex((each) => each.includes("/users/leaver")));
    });

    if (exemptionsBody !== "any") return;

    it("are there already the second time", async () => {
      expect((await up()).code).to.equal(0);
      expect(writes()).to.deep.equal([]);
      expect((await engine.pulumi("preview", "--expect-no-changes")).code).to.equal(0);
      asked();
    });

    it("come back when somebody has deleted one", async () => {
      exempt().splice(exempt().indexOf("leaver@acme.test"), 1);
      const preview = await engine.pulumi("preview", "--expect-no-changes");
      expect(preview.code).to.not.equal(0);
      expect((await up()).code).to.equal(0);
      expect(exempt()).to.include("leaver@acme.test");
      asked();
    });

    it("stay when the sync settings cannot be found, or are an empty answer, once", async () => {
      for (const [kind, expected] of [
        [404, 0],
        ["ignored", 1],
      ] as const) {
        engine.simulator.setFaults([{ kind, method: "GET", path: "/settings/azure", after: 1, times: 1 }]);
        const { code, output } = await up();
        engine.simulator.setFaults([]);
        expect(code === 0 ? 0 : 1, output).to.equal(expected);
        expect(output).to.contain(
          kind === 404 ? "The organisation has no directory sync any more" : "does not fit what is known of the API",
        );
        expect(exempt()).to.include("leaver@acme.test");
        expect(writes().filter((each) => each.startsWith("DELETE"))).to.deep.equal([]);
      }
    });

    it("stay when the account is switched off, or protected", async () => {
      const leaver = engine.simulator.users().find(({ primary_email }) => primary_email === "leaver@acme.test")!;
      leaver["is_active"] = false;
      await engine.configure({
        limits: { toFunctional: { count: 50, percent: 100 } },
        policy: { protect: { emails: ["missing@acme.test"] } },
      });
      expect((await up()).code).to.equal(0);
      leaver["is_active"] = true;
      await engine.configure({ limits: { toFunctional: { count: 50, percent: 100 } } });
      expect(exempt()).to.include.members(["leaver@acme.test", "missing@acme.test"]);
      expect(writes()).to.deep.equal([]);
    });

    it("go when somebody returns, after the type, one by one; one that was there before stays", async () => {
      await feed("Active", "Active");
      const { code, output } = await up();
      expect(code, output).to.equal(0);
      expect(exempt()).to.have.members(["Before@acme.test", "console@acme.test", "missing@acme.test", "mailbox@acme.test"]);
      const done = writes();
      expect(done.at(-1)).to.equal("DELETE /settings/azure/exemptions/leaver@acme.test");
      expect(done.filter((each) => each.startsWith("DELETE"))).to.have.length(1);
    });

    it("are only spoken of with warn, and left alone with ignore", async () => {
      await engine.configure({ exemptions: "warn", limits: { toFunctional: { count: 50, percent: 100 } } });
      exempt().splice(0);
      const { output } = await engine.pulumi("preview");
      expect(output).to.contain(
        "Directory sync will turn 2 functional accounts back, which are not exempt: mailbox@acme.test, missing@acme.test",
      );
      await engine.configure({ exemptions: "ignore", limits: { toFunctional: { count: 50, percent: 100 } } });
      asked();
      expect((await engine.pulumi("preview")).output).to.not.contain("Directory sync");
      expect(asked().filter((each) => each === "GET /settings/azure")).to.deep.equal([]);
    });
  });
}

describe("Without directory sync, on the real engine", function () {
  this.timeout(60_000);
  it("nobody is exempt, and one request finds that out", async () => {
    const engine = await startEngine({ seed: { organisations: [{ ...organisation, azure: null, exemptions: [] }] } });
    try {
      await engine.configure({ limits: { toFunctional: { count: 50, percent: 100 } } });
      await engine.writeHr([["Active", "kept@acme.test"]]);
      expect((await engine.pulumi("up", "--yes", "--skip-preview")).code).to.equal(0);
      const azureRequests = engine.simulator.requests.filter(({ path }) => path.includes("/azure"));
      expect(azureRequests.map(({ method }) => method)).to.deep.equal(["GET"]);
    } finally {
      await engine.close();
    }
  });
});
