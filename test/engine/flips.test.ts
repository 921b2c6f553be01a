import { expect } from "chai";
import { startEngine, type Engine } from "../support/engine.ts";

const names = ["admin", "a", "b", "c", "leaver"];
const users = names.map((name) => ({
  primary_email: `${name}@acme.test`,
  type: name === "admin" ? "organization_admin" : "end_user",
}));
const everything = { limits: { toFunctional: { count: 50, percent: 100 }, toEndUser: { count: 50, percent: 100 } } };

/** An organisation with one leaver who is converted, and a hand that undoes it. */
async function startWithLeaver(azure: Record<string, unknown>, config: object): Promise<Engine> {
  const engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users, azure }] } });
  await engine.configure({ ...everything, ...config });
  await engine.writeHr(names.slice(1).map((name) => [name === "leaver" ? "Terminated" : "Active", `${name}@acme.test`] as const));
  return engine;
}
const leaver = (engine: Engine) => engine.simulator.users().find(({ primary_email }) => primary_email.startsWith("leaver"))!;
const up = (engine: Engine) => engine.pulumi("up", "--yes", "--skip-preview");

describe("Conversions that somebody undoes, on the real engine", function () {
  this.timeout(120_000);
  let engine: Engine;
  let syncedAt = "";
  before(async () => {
    engine = await startWithLeaver({ primary_domain: "acme.test", sync_frequency: 24 }, { exemptions: "ignore" });
    expect((await up(engine)).code).to.equal(0);
  });
  after(() => engine.close());
  const undo = () => {
    leaver(engine).type = "end_user";
    syncedAt = new Date().toISOString();
    engine.simulator.azure()!["last_successful_sync"] = syncedAt;
  };
  const hour = () => syncedAt.slice(0, 16).replace("T", " ");

  it("are done again the first time, and preview says who undid them and when", async () => {
    undo();
    const { code, output } = await engine.pulumi("preview");
    expect(code, output).to.equal(0);
    expect(output).to.contain(`Entra sync turned it back on ${hour()} UTC, first time`);
    expect((await up(engine)).code).to.equal(0);
    expect(leaver(engine).type).to.equal("functional_account");
  });

  it("are counted in the state, with the date", async () => {
    const { output } = await engine.pulumi("stack", "export");
    const { deployment } = JSON.parse(output) as { deployment: { resources: { id?: string; outputs?: Record<string, unknown> }[] } };
    const state = deployment.resources.find(({ id }) => id === "leaver@acme.test")?.outputs;
    expect(state).to.include({ wrote: "functional_account", flips: 1 });
    expect(Date.parse(String(state?.["flippedAt"]))).to.be.within(Date.now() - 120_000, Date.now());
  });

  it("are held as a conflict from the second time on, run after run", async () => {
    undo();
    for (let run = 0; run < 2; run++) {
      const { code, output } = await up(engine);
      expect(code, output).to.equal(0);
      expect(output).to.contain("Held: conflict: what this program does is undone by somebody else (1)");
      expect(output).to.contain(
        `leaver@acme.test was made functional_account here and is end_user: Entra sync turned it back on ${hour()} UTC, second time`,
      );
      expect(output).to.contain("Conflict: accounts that are held because somebody else undoes what is done here (1)");
      expect(leaver(engine).type).to.equal("end_user");
    }
  });

  it("are done once more after npm run approve, and begin anew", async () => {
    const approved = await engine.node("tools/approve.ts", "-s", "test", "--reason", "the sync rule is mended");
    expect(approved.code, approved.output).to.equal(0);
    expect(approved.output).to.contain("Approved 1 changes of test").and.contain("once more: leaver@acme.test was terminated in HR");
    const { code, output } = await up(engine);
    expect(code, output).to.equal(0);
    expect(leaver(engine).type).to.equal("functional_account");
    undo();
    expect((await engine.pulumi("preview")).output).to.contain("first time");
  });

  it("are done once more when the account is exempt from directory sync", async () => {
    await up(engine);
    undo();
    expect((await up(engine)).output).to.contain("Held: conflict");
    engine.simulator.exemptions().push("Leaver@acme.test");
    const { code, output } = await up(engine);
    expect(code, output).to.equal(0);
    expect(leaver(engine).type).to.equal("functional_account");
  });
});

describe("Conversions that somebody undoes although they are exempt, on the real engine", function () {
  this.timeout(120_000);
  it("are held too, and the exemption stays", async () => {
    const engine = await startWithLeaver({ primary_domain: "acme.test", sync_frequency: 24 }, {});
    try {
      for (let round = 0; round < 2; round++) {
        expect((await up(engine)).code).to.equal(0);
        leaver(engine).type = "end_user";
      }
      const { code, output } = await up(engine);
      expect(code, output).to.equal(0);
      expect(output).to.contain("it was turned back, noticed on").and.contain("second time");
      expect(leaver(engine).type).to.equal("end_user");
      expect(engine.simulator.exemptions()).to.deep.equal(["leaver@acme.test"]);
    } finally {
      await engine.close();
    }
  });
});

for (const backToEndUser of ["refused", "ignored"] as const) {
  describe(`A way back to end_user that is ${backToEndUser}, on the real engine`, function () {
    this.timeout(60_000);
    it("is reported as such, and tried once a run", async () => {
      const engine = await startEngine({
        switches: { backToEndUser },
        seed: {
          organisations: [
            { primary_domain: "acme.test", users: [...users, { primary_email: "back@acme.test", type: "functional_account" }] },
          ],
        },
      });
      try {
        await engine.configure(everything);
        await engine.writeHr([...names, "back"].map((name) => ["Active", `${name}@acme.test`] as const));
        const { code, output } = await up(engine);
        expect(code).to.not.equal(0);
        expect(output).to.contain("Could not set back@acme.test to end_user:");
        expect(output).to.contain(
          "Every licence may be in use, or the service does not turn accounts back into end users. It is not tried again in this run.",
        );
        expect(engine.simulator.requests.filter(({ method }) => method === "PUT")).to.have.length(1);
      } finally {
        await engine.close();
      }
    });
  });
}
