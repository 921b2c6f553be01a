import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { createSynthesizeClient, type SynthesizeClient as Client } from "../../seats/synthesize/client.ts";
import { createSendToSynthesize, SynthesizeError } from "../../seats/synthesize/send.ts";
import { createSynthesize, type Synthesize } from "../../simulator/synthesize/synthesize.ts";
import { rejection } from "../support/api.ts";

const login = { vendorKey: "vendor", partnerKey: "a very secret partner key" };

describe("Synthesize, contract of the client and the simulator", () => {
  let simulator: Synthesize;
  let client: Client;
  const connect = (keys = login) =>
    createSynthesizeClient(createSendToSynthesize(keys, { url: simulator.url, sleep: () => Promise.resolve() }));
  beforeEach(async () => {
    simulator = await createSynthesize({
      seed: { ...login, accounts: [{ id: "1042", name: "Acme" }], services: [{ id: "s1", name: "Professional" }] },
      unmapped: ["777"],
    });
    client = connect();
  });
  afterEach(() => simulator.close());
  const paths = () => simulator.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);

  it("knows who it is by a token of both keys, and says so when it is wrong, without the keys", async () => {
    expect(await client.getOrganization()).to.include({ organizationId: "o1", name: "Acme MSP", status: "pending" });
    const error = await rejection(connect({ ...login, partnerKey: "another secret" }).getOrganization());
    expect(error).to.be.instanceOf(SynthesizeError);
    expect(error.message).to.equal(
      'Could not ask Synthesize who this is: Synthesize answered 401 ("Unauthorized"). Check the vendor key and the partner key.',
    );
  });

  it("reads services wrapped, and unwrapped where one was added", async () => {
    expect((await client.listServices()).map(({ name }) => name)).to.deep.equal(["Professional"]);
    expect((await client.addService("Security Awareness Training")).map(({ name }) => name)).to.deep.equal([
      "Professional",
      "Security Awareness Training",
    ]);
    expect(simulator.services[1]).to.include({ category: "security", subcategory: "privacy and security awareness training" });
  });

  it("adds accounts, one by one where one of them is there already", async () => {
    await client.addAccounts([
      { id: "7", name: "Beta" },
      { id: "1042", name: "Acme" },
      { id: "8", name: "Gamma" },
    ]);
    expect(simulator.accounts.map(({ id }) => id)).to.deep.equal(["1042", "7", "8"]);
    await client.addAccounts([{ id: "7", name: "Beta" }]);
    await client.addAccounts([]);
    expect(simulator.accounts).to.have.length(3);
  });

  it("changes an account, as the vendor's API does", async () => {
    const token = Buffer.from(`${login.vendorKey}:${login.partnerKey}`).toString("base64");
    const patch = (id: string) =>
      fetch(`${simulator.url}/api/vendor-api/organization/accounts/${id}`, {
        method: "PATCH",
        headers: { "Gradient-Token": token },
        body: JSON.stringify({ name: "Acme Inc" }),
      });
    expect([(await patch("1042")).status, (await patch("9")).status]).to.deep.equal([200, 404]);
    expect((await client.listAccounts())[0]?.name).to.equal("Acme Inc");
  });

  it("sets counts, and has the cards made anew once", async () => {
    await client.addAccounts([{ id: "7", name: "Beta" }]);
    expect(await client.setCount({ serviceId: "s1", accountId: "1042", title: "Acme", seats: 12, build: false })).to.equal("taken");
    expect(simulator.rebuilds).to.equal(0);
    expect(await client.setCount({ serviceId: "s1", accountId: "7", title: "Acme", seats: 0, build: true })).to.equal("taken");
    expect(simulator.counts()).to.deep.equal({ "s1/1042": 12, "s1/7": 0 });
    expect([simulator.rebuilds, simulator.status]).to.deep.equal([1, "active"]);
  });

  it("takes a 404 on a count for something that is not mapped there", async () => {
    expect(await client.setCount({ serviceId: "s1", accountId: "777", title: "Acme", seats: 1, build: false })).to.equal("unmapped");
    expect(await client.setCount({ serviceId: "s9", accountId: "1042", title: "Acme", seats: 1, build: false })).to.equal("unmapped");
  });

  it("sends again what was throttled, cut off or failed there, and what was cut after it was done", async () => {
    for (const kind of [429, 500, "cut", "cut_after"] as const) {
      simulator.setFaults([{ kind, times: 2 }]);
      expect(await client.setCount({ serviceId: "s1", accountId: "1042", title: "Acme", seats: 5, build: false }), String(kind)).to.equal(
        "taken",
      );
    }
    expect(simulator.count("s1", "1042")).to.equal(5);
    // Nobody says in what form a count is acknowledged.
    simulator.setFaults([{ kind: "truncated" }]);
    expect(await client.setCount({ serviceId: "s1", accountId: "1042", title: "Acme", seats: 6, build: false })).to.equal("taken");
  });

  it("says of a failure whether it may have been done all the same", async () => {
    const fail = async (...faults: Parameters<typeof simulator.setFaults>[0]) => {
      simulator.setFaults(faults);
      return rejection(client.setCount({ serviceId: "s1", accountId: "1042", title: "Acme", seats: 9, build: false }));
    };
    expect(await fail({ kind: 422 })).to.include({ status: 422, mayBeTaken: false });
    expect(await fail({ kind: 500 })).to.include({ status: 500, mayBeTaken: true });
    expect(await fail({ kind: "cut" })).to.include({ status: undefined, mayBeTaken: true });
    simulator.setFaults([{ kind: "cut_after", times: 1 }, { kind: 404 }]);
    expect(await client.setCount({ serviceId: "s1", accountId: "1042", title: "Acme", seats: 8, build: false })).to.equal("unsure");
    for (const last of [429, 403] as const)
      expect(await fail({ kind: "cut_after", times: 1 }, { kind: last }), String(last)).to.include({ status: last, mayBeTaken: true });
    expect(simulator.count("s1", "1042"), "it was done").to.equal(9);
  });

  it("makes a service once, whatever becomes of the answer", async () => {
    for (const kind of ["cut_after", 500] as const) {
      simulator.setFaults([{ kind, method: "POST", path: "/service" }]);
      const before = simulator.requests.length;
      await rejection(client.addService("Business"));
      expect(simulator.requests.length - before, String(kind)).to.equal(1);
    }
  });

  it("never sends a refusal again, and gives up on a service that stays in trouble", async () => {
    simulator.setFaults([{ kind: 422 }]);
    const refused = await rejection(client.setCount({ serviceId: "s1", accountId: "1042", title: "Acme", seats: 5, build: false }));
    expect(refused.message).to.contain("Could not set Acme to 5 seats: Synthesize answered 422");
    expect(paths()).to.have.length(1);
    simulator.setFaults([{ kind: 500 }]);
    expect((await rejection(client.listAccounts())).message).to.contain("answered 500");
    expect(paths()).to.have.length(6);
    simulator.setFaults([{ kind: "cut" }]);
    expect((await rejection(client.listAccounts())).message).to.contain("gave no answer (ECONNRESET)");
  });

  it("takes half an answer, or one of another form, for none", async () => {
    simulator.setFaults([{ kind: "truncated" }]);
    expect((await rejection(client.listAccounts())).message).to.contain("not JSON");
    simulator.setFaults([{ kind: "ignored" }]);
    expect((await rejection(client.listAccounts())).message).to.contain("in a form nobody knows");
  });

  it("stays under the vendor's limit by waiting", async function () {
    this.timeout(30_000);
    await simulator.close();
    // A fifth of the real one: slow machines go too fast for that, too.
    simulator = await createSynthesize({ seed: { ...login, services: [{ id: "s1", name: "Professional" }] }, maxPerSecond: 20 });
    const accounts = Array.from({ length: 50 }, (_, index) => ({ id: `a${index}`, name: `Account ${index}` }));
    const patient = createSynthesizeClient(createSendToSynthesize(login, { url: simulator.url }));
    await patient.addAccounts(accounts);
    const set = await Promise.all(
      accounts.map(({ id }) => patient.setCount({ serviceId: "s1", accountId: id, title: "Acme", seats: 1, build: false })),
    );
    expect(set.every((each) => each === "taken")).to.equal(true);
    expect(Object.keys(simulator.counts())).to.have.length(50);
    expect(
      paths().some((each) => each.endsWith(" 429")),
      "it went too fast at first",
    ).to.equal(true);
  });
});

describe("npm run simulator:synthesize", function () {
  this.timeout(10_000);

  it("answers on the loopback until it is ended", async () => {
    const main = fileURLToPath(new URL("../../simulator/synthesize/main.ts", import.meta.url));
    const child = spawn(process.execPath, [main, "--port", "0", "--refuse-zero"], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    const url = /http:\S+/.exec(said.toString())?.[0] ?? "";
    const own = createSynthesizeClient(createSendToSynthesize({ vendorKey: "vendor", partnerKey: "partner" }, { url }));
    expect(await own.getOrganization()).to.include({ organizationId: "o1" });
    await own.addAccounts([{ id: "7", name: "Beta" }]);
    const [service] = await own.addService("Professional");
    const zero = own.setCount({ serviceId: service!.id, accountId: "7", title: "Beta", seats: 0, build: true });
    expect((await rejection(zero)).message).to.contain("answered 400");
    child.kill();
    expect(await once(child, "close")).to.deep.equal([0, null]);
  });
});
