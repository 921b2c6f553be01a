import { expect } from "chai";
import { userTypeProvider } from "../../provider/userType.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../simulator/simulator.ts";
import { countRequests, rejection } from "../support/api.ts";
import { ProviderProcess, type Properties } from "../support/providerProcess.ts";

const users = ["jane", "john", "info"].map((name) => ({
  primary_email: `${name}@acme.test`,
  type: name === "info" ? "functional_account" : "end_user",
}));
const jane = { email: "jane@acme.test", type: "end_user", reason: "is active in HR" };
const asLeaver = { ...jane, type: "functional_account", reason: "is terminated in HR" };

describe("UserType, in the real provider process", function () {
  this.timeout(30_000);
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  });

  async function start(
    options: SimulatorOptions = {},
    config: Properties = {},
  ): Promise<{ provider: ProviderProcess; simulator: Simulator }> {
    const simulator = await createSimulator({ seed: { organisations: [{ primary_domain: "acme.test", users }] }, ...options });
    running.push({ stop: () => simulator.close() });
    const provider = await ProviderProcess.start({
      apiUrl: simulator.url,
      domain: "acme.test",
      credentials: { source: "simulator" },
      ...config,
    });
    running.push(provider);
    return { provider, simulator };
  }

  it("is one constant line in the state, short and the same in every version", () => {
    expect(userTypeProvider).to.equal('exports.handler=()=>require("./provider/load.cjs")("./userType.provider.ts")');
    expect(userTypeProvider.length).to.be.at.most(120);
  });

  it("checks, diffs and deletes without a request", async () => {
    const { provider, simulator } = await start();
    expect((await provider.check(jane)).failures).to.deep.equal([]);
    await provider.diff("jane@acme.test", jane, asLeaver);
    await provider.delete("jane@acme.test", jane);
    expect(simulator.requests).to.deep.equal([]);
  });

  it("lets the provider's own line pass the check", async () => {
    const { provider } = await start();
    expect((await provider.check(jane)).inputs).to.deep.equal({ ...jane, __provider: userTypeProvider });
  });

  for (const type of ["channel_admin", "organization_admin", "End_User", "", 7]) {
    it(`refuses the type ${JSON.stringify(type)} by property and value`, async () => {
      const { provider } = await start();
      expect((await provider.check({ ...jane, type })).failures).to.deep.equal([
        {
          property: "type",
          reason: `${JSON.stringify(type)} is not a type that may be set; use end_user, functional_account, silent_user`,
        },
      ]);
    });
  }

  it("refuses several wrong inputs at once", async () => {
    const { provider } = await start();
    expect((await provider.check({ email: "", type: "x" })).failures.map(({ property }) => property)).to.deep.equal([
      "email",
      "type",
      "reason",
    ]);
  });

  it("sees a change in the type, another account in the address, and nothing in the reason or the case", async () => {
    const { provider } = await start();
    expect(await provider.diff("id", jane, asLeaver)).to.deep.equal({ changes: true, replaces: [] });
    expect(await provider.diff("id", jane, { ...jane, email: "john@acme.test" })).to.deep.equal({ changes: true, replaces: ["email"] });
    expect(await provider.diff("id", jane, { ...jane, reason: "another", email: "Jane@ACME.test" })).to.deep.equal({
      changes: false,
      replaces: [],
    });
  });

  it("adopts an account that has the type already without writing", async () => {
    const { provider, simulator } = await start();
    expect(await provider.create({ ...jane, email: "JANE@acme.test" })).to.deep.equal({
      id: "jane@acme.test",
      outs: { ...jane, __provider: userTypeProvider },
    });
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 0, put: 0, other: 0 });
  });

  it("adopts and converts in one step where the types differ", async () => {
    const { provider, simulator } = await start();
    await provider.create(asLeaver);
    expect(simulator.users()[0]?.type).to.equal("functional_account");
    expect(countRequests(simulator)).to.deep.equal({ list: 2, get: 1, put: 1, other: 0 });
  });

  it("never creates an account", async () => {
    const { provider, simulator } = await start();
    const error = await rejection(provider.create({ ...jane, email: "new@acme.test" }));
    expect(error.message).to.equal(
      "Could not adopt new@acme.test: the organisation has no such user. Accounts are never created here. Create it in the Proofpoint console first, or run again if it was just deleted. (code not_found)",
    );
    expect(simulator.users()).to.have.length(3);
  });

  it("reads hundreds of users with one list, also when the first reads come all at once", async () => {
    const { provider, simulator } = await start();
    const reads = await Promise.all(Array.from({ length: 200 }, (_, index) => provider.read(users[index % 3]!.primary_email, jane)));
    expect(new Set(reads.map(({ props }) => props["type"]))).to.deep.equal(new Set(["end_user", "functional_account"]));
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 0, put: 0, other: 0 });
  });

  it("returns what is live as properties and as inputs", async () => {
    const { provider, simulator } = await start();
    simulator.users()[0]!.type = "functional_account";
    const live = { ...jane, type: "functional_account", __provider: userTypeProvider };
    expect(await provider.read("jane@acme.test", jane)).to.deep.equal({ id: "jane@acme.test", props: live, inputs: live });
  });

  it("reads a user who became an administrator as what it is", async () => {
    const { provider, simulator } = await start();
    simulator.users()[0]!.type = "organization_admin";
    expect((await provider.read("jane@acme.test", jane)).props).to.include({ type: "organization_admin" });
  });

  it("says of a user who is gone that it is gone", async () => {
    const { provider } = await start();
    expect((await provider.read("gone@acme.test", jane)).id).to.equal("");
  });

  it("returns all outputs of an update, and verifies updates that come together with one list", async () => {
    const { provider, simulator } = await start();
    const [first] = await Promise.all([
      provider.update("jane@acme.test", jane, asLeaver),
      provider.update("john@acme.test", { ...jane, email: "john@acme.test" }, { ...asLeaver, email: "john@acme.test" }),
    ]);
    const { wroteAt, ...others } = first;
    expect(others).to.deep.equal({ ...asLeaver, wrote: "functional_account", flips: 0, __provider: userTypeProvider });
    expect(Date.now() - Date.parse(String(wroteAt))).to.be.within(0, 10_000);
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 2, put: 2, other: 0 });
  });

  it("counts in the state what somebody has undone since, and no input changes by that", async () => {
    const { provider } = await start();
    const wrote = {
      ...asLeaver,
      wrote: "functional_account",
      wroteAt: "2026-11-19T03:00:00.000Z",
      flips: 1,
      flippedAt: "2026-11-18T03:00:00.000Z",
    };
    const { props, inputs } = await provider.read("jane@acme.test", wrote);
    expect(props).to.include({ type: "end_user", wrote: "functional_account", flips: 2 });
    expect(Date.now() - Date.parse(String(props["flippedAt"]))).to.be.within(0, 10_000);
    expect(inputs).to.deep.equal({ ...asLeaver, type: "end_user", __provider: userTypeProvider });
  });

  it("counts a flip also where nobody can say whether the account is exempt, and lets others report that", async () => {
    const { provider } = await start({ faults: [{ kind: 403, path: "/exemptions" }] });
    const wrote = { ...asLeaver, wrote: "functional_account", wroteAt: "2026-11-19T03:00:00.000Z", flips: 0 };
    const { props } = await provider.read("jane@acme.test", wrote);
    expect(props).to.include({ flips: 1 }).and.not.have.property("flippedExempt");
  });

  it("fails an update the server ignores, naming the user", async () => {
    const { provider } = await start({ faults: [{ kind: "ignored", method: "PUT" }] });
    expect((await rejection(provider.update("jane@acme.test", jane, asLeaver))).message).to.contain(
      "Could not set jane@acme.test to functional_account: the API accepted the change, and the account is still end_user",
    );
  });

  it("reports a wrong password once, without a stack trace, and keeps what is known for the others", async () => {
    const { provider, simulator } = await start({ seed: { logins: [{ password: "changed" }] } });
    const results = await Promise.allSettled(
      users.map(({ primary_email }) => provider.read(primary_email, { ...jane, email: primary_email })),
    );
    const failed = results.flatMap((each) => (each.status === "rejected" ? [(each.reason as Error).message] : []));
    expect(failed).to.have.length(1);
    expect(failed[0]).to.contain("the API answered 401").and.contain("proofpoint:credentials");
    expect(provider.stderr)
      .to.contain("401")
      .and.not.match(/\n\s+at /);
    expect(simulator.requests).to.have.length(1);
  });

  it("ends when the engine is gone, and writes nothing more", async () => {
    const { provider, simulator } = await start({ latencyMs: 300 });
    const update = provider.update("jane@acme.test", jane, asLeaver).catch(() => undefined);
    while (simulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await provider.loseEngine();
    await update;
    // What was under way when it ended still arrives.
    await new Promise((resolve) => setTimeout(resolve, 400));
    const asked = simulator.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(simulator.requests).to.have.length(asked);
  });

  it("reports a missing login by what to set, and never asks the API", async () => {
    const { provider, simulator } = await start({}, { credentials: { source: "environment" } });
    expect((await rejection(provider.read("jane@acme.test", jane))).message).to.contain("PROOFPOINT_USER and PROOFPOINT_PASSWORD");
    expect(simulator.requests).to.deep.equal([]);
  });

  it("reads the password of the stack's configuration, and lets it go nowhere", async () => {
    const password = "s3cret-of-the-stack";
    const { provider } = await start(
      { seed: { logins: [{ password: "another" }] } },
      { credentials: { source: "config" }, apiUser: "admin@acme.test", apiPassword: password },
    );
    const error = await rejection(provider.read("jane@acme.test", jane));
    expect(error.message + provider.stderr)
      .to.contain("401")
      .and.not.contain(password);
  });
});
