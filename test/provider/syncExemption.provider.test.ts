import { expect } from "chai";
import { syncExemptionProvider } from "../../provider/syncExemption.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../simulator/simulator.ts";
import { rejection } from "../support/api.ts";
import { ProviderProcess } from "../support/providerProcess.ts";

const jane = { email: "Jane@acme.test" };
const created = { ...jane, adopted: false };

describe("SyncExemption, in the real provider process", function () {
  this.timeout(30_000);
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  });

  async function start(
    exemptions: string[] = [],
    options: SimulatorOptions = {},
  ): Promise<{ provider: ProviderProcess; simulator: Simulator; asked: () => string[] }> {
    const organisation = { primary_domain: "acme.test", azure: {}, exemptions };
    const simulator = await createSimulator({ seed: { organisations: [organisation] }, ...options });
    running.push({ stop: () => simulator.close() });
    const config = { apiUrl: simulator.url, domain: "acme.test", credentials: { source: "simulator" }, timeoutSeconds: 1 };
    const provider = await ProviderProcess.start(config, syncExemptionProvider);
    running.push(provider);
    const asked = () => simulator.requests.map(({ method, path }) => `${method} ${path.split("/azure/")[1] ?? path}`);
    return { provider, simulator, asked };
  }

  it("is one constant line in the state", () => {
    expect(syncExemptionProvider).to.equal('exports.handler=()=>require("./provider/load.cjs")("./syncExemption.provider.ts")');
  });

  it("checks and diffs without a request: an address that is none, another one, another case", async () => {
    const { provider, asked } = await start();
    for (const email of ["", " ", "..", "x@acme.test,ceo@acme.test", 7])
      expect((await provider.check({ email })).failures[0]?.property).to.equal("email");
    expect((await provider.check(jane)).failures).to.deep.equal([]);
    expect(await provider.diff("id", created, { email: "jane@ACME.test" })).to.deep.equal({ changes: false, replaces: [] });
    expect(await provider.diff("id", created, { email: "john@acme.test" })).to.deep.equal({ changes: true, replaces: ["email"] });
    expect(asked()).to.deep.equal([]);
  });

  it("adds fifty with one PUT, between a list that looks and one that confirms", async () => {
    const { provider, simulator, asked } = await start();
    const emails = Array.from({ length: 50 }, (_, index) => `U${index}+x@acme.test`);
    await Promise.all(emails.map((email) => provider.create({ email })));
    expect(asked()).to.deep.equal(["GET exemptions", "PUT exemptions", "GET exemptions"]);
    expect(simulator.exemptions()).to.have.members(emails);
  });

  it("adopts what is there, in whatever case, and leaves it there in the end", async () => {
    const { provider, asked } = await start(["jane@ACME.test"]);
    expect((await provider.create(jane)).outs).to.include({ adopted: true });
    await provider.delete("jane@acme.test", { ...jane, adopted: true });
    expect(asked()).to.deep.equal(["GET exemptions"]);
  });

  it("reads many with one list, finds those that are gone, and has nothing but the address for an input", async () => {
    const { provider, asked } = await start(["jane@acme.test"]);
    const [there, gone] = await Promise.all([provider.read("jane@acme.test", created), provider.read("john@acme.test", created)]);
    expect(there.props).to.include(created);
    expect(there.inputs).to.deep.equal({ ...jane, __provider: syncExemptionProvider });
    expect(gone.id).to.equal("");
    expect(asked()).to.deep.equal(["GET exemptions"]);
  });

  it("removes one by one, each by name, and confirms all with one list", async () => {
    const { provider, simulator, asked } = await start(["jane@acme.test", "john+x@acme.test", "kept@acme.test"]);
    await Promise.all([
      provider.delete("jane@acme.test", created),
      provider.delete("john+x@acme.test", { email: "john+x@acme.test", adopted: false }),
    ]);
    expect(asked()).to.have.members(["DELETE exemptions/Jane@acme.test", "DELETE exemptions/john+x@acme.test", "GET exemptions"]);
    expect(simulator.exemptions()).to.deep.equal(["kept@acme.test"]);
  });

  it("never sends the DELETE that removes all", async () => {
    const { provider, simulator, asked } = await start(["kept@acme.test"]);
    for (const email of ["", " ", ".", ".."]) await rejection(provider.delete("", { email, adopted: false }));
    expect(asked().filter((each) => each.startsWith("DELETE"))).to.deep.equal([]);
    expect(simulator.exemptions()).to.deep.equal(["kept@acme.test"]);
  });

  it("says so when the service accepts and does nothing, on the way there and back", async () => {
    const { provider } = await start(["jane@acme.test"], {
      faults: [
        { kind: "ignored", method: "PUT" },
        { kind: "ignored", method: "DELETE" },
      ],
    });
    expect((await rejection(provider.create({ email: "new@acme.test" }))).message).to.contain(
      "Could not exempt new@acme.test from Azure sync: the API accepted it, and the exemption is not there.",
    );
    expect((await rejection(provider.delete("jane@acme.test", created))).message).to.contain(
      "Could not remove the Azure sync exemption of Jane@acme.test: the API accepted it, and the exemption is still there.",
    );
    expect(provider.stderr).to.not.match(/\n\s+at /);
  });

  it("does not take a fault for a form it should try another of", async () => {
    const { provider, asked } = await start([], { faults: [{ kind: 403, method: "PUT" }] });
    expect((await rejection(provider.create(jane))).message).to.contain("the API answered 403");
    expect(asked().filter((each) => each.startsWith("PUT"))).to.have.length(1);
  });

  it("reports a list that fails once, and keeps what is known for the others", async () => {
    const { provider } = await start([], { faults: [{ kind: 403 }] });
    const results = await Promise.allSettled([1, 2, 3].map(() => provider.read("jane@acme.test", created)));
    expect(results.filter(({ status }) => status === "rejected")).to.have.length(1);
    expect(provider.stderr).to.not.match(/\n\s+at /);
  });
});
