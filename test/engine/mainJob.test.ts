import { expect } from "chai";
import type { SeatPlan } from "../../seats/planSeats.ts";
import { userTypeProvider } from "../../provider/userType.ts";
import type { SimulatedUser } from "../../simulator/world.ts";
import { countRequests } from "../support/api.ts";
import { startEngine, type Engine } from "../support/engine.ts";

const user = (name: string, overrides: Partial<SimulatedUser> = {}): SimulatedUser => ({
  primary_email: `${name}@acme.test`,
  type: "end_user",
  ...overrides,
});
const users = [
  user("admin", { type: "organization_admin" }),
  user("kept"),
  user("leaver", {
    alias_emails: ["l@acme.test"],
    safe_list_senders: ["a@b.test"],
    odin_settings: { can_impersonate: true },
  }),
  user("missing"),
  user("back", { type: "functional_account" }),
  user("mailbox", { type: "functional_account" }),
  user("silent", { type: "silent_user" }),
  user("odd"),
  user("Twice"),
  user("off", { is_active: false }),
];
const hr = [
  ["Active", "KEPT@acme.test"],
  ["Terminated", "l@acme.test"],
  ["Active", "back@acme.test"],
  ["Furlough", "odd@acme.test"],
  ["Terminated", "twice@acme.test"],
  ["Active", "twice@acme.test"],
  ["Active", "new@acme.test"],
  ["Terminated", "off@acme.test"],
] as const;
const wanted: Record<string, string | undefined> = { leaver: "functional_account", missing: "functional_account", back: "end_user" };

for (const put of ["replace", "merge"] as const) {
  describe(`The main job on the real engine, on a server that ${put}s`, function () {
    this.timeout(120_000);
    let engine: Engine;
    before(async () => {
      engine = await startEngine({ seed: { organisations: [{ primary_domain: "acme.test", users }] }, switches: { put } });
      await engine.writeHr(hr);
    });
    after(() => engine.close());

    const asked = () => {
      const counts = countRequests(engine.simulator);
      engine.simulator.requests.length = 0;
      return counts;
    };

    it("adopts every user but administrators with one list and no write, and again adopts nobody", async () => {
      const first = await engine.node("tools/adopt.ts", "-s", "test");
      expect(first).to.include({ code: 0 });
      expect(first.output).to.contain("10 users: 9 to adopt, 0 managed already, 1 left out (administrators, unknown types).");
      expect(asked()).to.deep.equal({ list: 1, get: 0, put: 0, other: 0 });
      const live = engine.simulator.users().filter(({ type }) => type !== "organization_admin");
      expect(await engine.managed()).to.deep.equal(Object.fromEntries(live.map(({ primary_email, type }) => [primary_email, type])));

      expect((await engine.node("tools/adopt.ts", "-s", "test")).output).to.contain("0 to adopt, 9 managed already");
      asked();
    });

    it("previews exactly what HR implies, each change with its reason, with two lists and no write", async () => {
      const { code, output } = await engine.pulumi("preview", "--diff");
      expect(code, output).to.equal(0);
      expect(output).to.contain("acme.test: 3 changes");
      expect(output).to.contain('leaver@acme.test: end_user → functional_account: was terminated in HR (status "Terminated")');
      expect(output).to.contain("missing@acme.test: end_user → functional_account: is not in HR, under any of its addresses");
      expect(output).to.contain('back@acme.test: functional_account → end_user: is active in HR (status "Active")');
      expect(output).to.contain('odd@acme.test has the HR status "Furlough"');
      expect(output).to.contain("off@acme.test is switched off in Proofpoint");
      expect(output).to.contain("HR lists twice@acme.test 2 times");
      expect(output).to.match(/~ 3 to update\s+7 unchanged/);
      expect(output).to.match(/~ reason: .*"rule missing"/);
      expect(asked()).to.deep.equal({ list: 2, get: 0, put: 0, other: 2 });
    });

    it("applies exactly that: two lists, one verifying list, one GET and one PUT a change", async () => {
      const before = structuredClone(engine.simulator.users());
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code, output).to.equal(0);
      expect(asked()).to.deep.equal({ list: 3, get: 3, put: 3, other: 3 });
      const after = before.map((each) => ({ ...each, type: wanted[each.primary_email.split("@")[0]!] ?? each.type }));
      expect(engine.simulator.users()).to.deep.equal(after);
    });

    it("keeps one constant line, the address, the type and the rule in the state, and neither HR's words nor a secret", async () => {
      const { output } = await engine.pulumi("stack", "export");
      const { deployment } = JSON.parse(output) as { deployment: { resources: { urn: string; outputs: object }[] } };
      const outputsOf = (name: string) => deployment.resources.find(({ urn }) => urn.endsWith(`::${name}@acme.test`))?.outputs;
      const kept = { __provider: userTypeProvider, email: "kept@acme.test", type: "end_user", reason: "adopted as it was" };
      expect(outputsOf("kept")).to.deep.equal(kept);
      const { wroteAt, ...others } = outputsOf("leaver") as { wroteAt: string };
      const leaver = { ...kept, email: "leaver@acme.test", type: "functional_account", reason: "rule terminated" };
      expect(others).to.deep.equal({ ...leaver, wrote: "functional_account", flips: 0 });
      expect(Date.now() - Date.parse(wroteAt)).to.be.within(0, 60_000);
      expect(output).to.not.contain('simulator"').and.not.contain("Furlough (").and.not.contain("is not in HR");
    });

    it("shows summary, seats, feed, policyHash and decisionsHash as stack outputs", async () => {
      const { output } = await engine.pulumi("stack", "output", "--json");
      const outputs = JSON.parse(output) as Record<string, Record<string, unknown>>;
      expect(outputs["summary"]).to.deep.equal({
        users: 10,
        managed: 9,
        toFunctional: 2,
        toEndUser: 1,
        held: 3,
        unmanaged: 1,
        problems: 1,
      });
      const { used, after, freed, taken } = outputs["seats"] as unknown as SeatPlan;
      expect(after - used).to.equal(-1);
      expect([freed.map(({ seats }) => seats), taken.map(({ seats }) => seats)]).to.deep.equal([[1, 1], [1]]);
      expect(outputs["feed"]).to.include({ rows: 8, persons: 7, personsWithoutAccount: 1 });
      expect(outputs["policyHash"]).to.match(/^[0-9a-f]{64}$/);
      expect(outputs["decisionsHash"]).to.match(/^[0-9a-f]{64}$/);
    });

    it("has nothing left to do, whatever the order of rows, and a second up writes nothing", async () => {
      await engine.writeHr(hr.toReversed());
      const preview = await engine.pulumi("preview", "--expect-no-changes");
      expect(preview.code, preview.output).to.equal(0);
      expect(asked()).to.deep.equal({ list: 2, get: 0, put: 0, other: 2 });
      expect((await engine.pulumi("up", "--yes", "--skip-preview")).code).to.equal(0);
      expect(asked()).to.deep.equal({ list: 2, get: 0, put: 0, other: 3 });
    });

    it("finds what somebody changed behind its back, fails --expect-no-changes, and repairs it", async () => {
      engine.simulator.users().find(({ primary_email }) => primary_email === "leaver@acme.test")!.type = "end_user";
      const preview = await engine.pulumi("preview", "--diff", "--expect-no-changes");
      expect(preview.code).to.not.equal(0);
      expect(preview.output).to.match(/\(refresh\)[\s\S]*~ type\s+: "functional_account" => "end_user"/);
      expect(preview.output).to.match(/\(update\)[\s\S]*~ type\s+: "end_user" => "functional_account"/);
      asked();
      expect((await engine.pulumi("up", "--yes", "--skip-preview")).code).to.equal(0);
      // Who undid it: is the account exempt from directory sync? The program and the provider ask once each.
      expect(asked()).to.deep.equal({ list: 3, get: 1, put: 1, other: 5 });
      expect((await engine.pulumi("preview", "--expect-no-changes")).code).to.equal(0);
    });

    it("stops managing who became an administrator or is gone, without a write", async () => {
      const live = engine.simulator.users();
      live.find(({ primary_email }) => primary_email === "kept@acme.test")!.type = "organization_admin";
      live.splice(
        live.findIndex(({ primary_email }) => primary_email === "odd@acme.test"),
        1,
      );
      asked();
      const { code, output } = await engine.pulumi("up", "--yes", "--skip-preview");
      expect(code, output).to.equal(0);
      expect(asked()).to.include({ put: 0 });
      expect(Object.keys(await engine.managed()))
        .to.not.include.members(["kept@acme.test"])
        .and.not.include.members(["odd@acme.test"]);
    });

    it("refreshes with one list", async () => {
      asked();
      expect((await engine.pulumi("refresh", "--yes", "--skip-preview")).code).to.equal(0);
      expect(asked()).to.deep.equal({ list: 1, get: 0, put: 0, other: 0 });
    });

    it("destroys without a write: the accounts keep their types", async () => {
      const before = structuredClone(engine.simulator.users());
      expect((await engine.pulumi("destroy", "--yes", "--skip-preview")).code).to.equal(0);
      expect(asked()).to.include({ get: 0, put: 0, other: 0 });
      expect(engine.simulator.users()).to.deep.equal(before);
      expect(await engine.managed()).to.deep.equal({});
    });
  });
}
