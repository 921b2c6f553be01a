import { expect } from "chai";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../simulator/simulator.ts";

const login = { "X-User": "admin@acme.test", "X-Password": "simulator" };
const jane = { primary_email: "Jane@acme.test", type: "end_user", alias_emails: ["j@acme.test"], safe_list_senders: ["a@b.test"] };
const seed = { organisations: [{ primary_domain: "acme.test", domains: ["acme.test", "acme.example"], user_licenses: 2, users: [jane] }] };

describe("simulator", () => {
  let simulator: Simulator | undefined;
  afterEach(() => simulator?.close());

  async function start(options: SimulatorOptions = {}) {
    simulator = await createSimulator({ seed, ...options });
    const { url } = simulator;
    const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = login) => {
      const response = await fetch(`${url}/api/v1/${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        redirect: "manual",
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as Record<string, never>) };
    };
    return { simulator, call };
  }

  it("lists users in an envelope and shows one as a bare object", async () => {
    const { call } = await start();
    const list = await call("GET", "orgs/acme.test/users");
    expect(list.body).to.have.property("users").with.length(1);
    expect((await call("GET", "orgs/acme.test/users/jane%40acme.test")).body).to.deep.include(jane);
  });

  for (const path of ["orgs/acme.test/users/jane@acme.test", "orgs/ACME.example/users/JANE%40acme.test/"]) {
    it(`finds ${path}: addresses without case, any domain of the organisation, a closing slash`, async () => {
      const { call } = await start();
      expect((await call("GET", path)).status).to.equal(200);
    });
  }

  it("takes a plain + in a path for a space, as the service does", async () => {
    const { call } = await start({
      seed: { organisations: [{ primary_domain: "acme.test", users: [{ ...jane, primary_email: "a+b@acme.test" }] }] },
    });
    expect((await call("GET", "orgs/acme.test/users/a+b@acme.test")).status).to.equal(404);
    expect((await call("GET", "orgs/acme.test/users/a%2Bb@acme.test")).status).to.equal(200);
  });

  it("answers 204 to a PUT, and forgets what a PUT leaves out, or keeps it", async () => {
    for (const [put, kept] of [
      ["replace", undefined],
      ["merge", ["a@b.test"]],
    ] as const) {
      const { simulator, call } = await start({ switches: { put } });
      expect(await call("PUT", "orgs/acme.test/users/jane@acme.test", { type: "functional_account" })).to.deep.equal({
        status: 204,
        body: undefined,
      });
      expect(simulator.users()[0]).to.include({ primary_email: "Jane@acme.test", type: "functional_account" });
      expect(simulator.users()[0]?.["safe_list_senders"]).to.deep.equal(kept);
      await simulator.close();
    }
  });

  it("judges who asks: password, administrator, read-only, scope, role", async () => {
    const logins = [
      { user: "admin@acme.test" },
      { user: "user@acme.test", type: "end_user" },
      { user: "reader@acme.test", read_only_user: true },
      { user: "partner@dist.test", type: "channel_admin", domain: "dist.test" },
    ];
    const organisations = [
      ...seed.organisations,
      { primary_domain: "other.test" },
      { primary_domain: "dist.test", type: "channel" },
      { primary_domain: "below.test", parent: "dist.test" },
    ];
    const { call } = await start({ seed: { logins, organisations } });
    const as = (user: string, password = "simulator") => ({ "x-user": user, "x-password": password });
    const status = async (user: string, path: string, method = "GET", body?: unknown) => (await call(method, path, body, as(user))).status;
    expect((await call("GET", "me", undefined, as("admin@acme.test", "wrong"))).status).to.equal(401);
    expect(await status("user@acme.test", "me")).to.equal(401);
    expect(await status("reader@acme.test", "orgs/acme.test/users")).to.equal(200);
    expect(await status("reader@acme.test", "orgs/acme.test/users/jane@acme.test", "PUT", jane)).to.equal(403);
    expect(await status("admin@acme.test", "orgs/other.test/users")).to.equal(403);
    expect(await status("admin@acme.test", "orgs/acme.test/orgs")).to.equal(403);
    expect(await status("admin@acme.test", "orgs/nowhere.test/users")).to.equal(404);
    expect(await status("partner@dist.test", "orgs/below.test/users")).to.equal(200);
    expect(await status("partner@dist.test", "orgs/acme.test/users")).to.equal(403);
    expect((await call("GET", "orgs/dist.test/orgs", undefined, as("partner@dist.test"))).body?.["orgs"]).to.have.length(2);
  });

  it("creates, refuses doubles, bad types and too many, and mixes a batch", async () => {
    const { call } = await start();
    const create = async (body: unknown) => (await call("POST", "orgs/acme.test/users", body)).status;
    expect(await create({ primary_email: "jane@ACME.test" })).to.equal(409);
    expect(await create({ primary_email: "x@acme.test", type: "wizard" })).to.equal(422);
    expect(await create({})).to.equal(400);
    expect(await create("{")).to.equal(400);
    expect(await create({ primary_email: "john@acme.test" })).to.equal(201);
    expect(await create({ primary_email: "over@acme.test" })).to.equal(403);
    const mixed = await call("POST", "orgs/acme.test/users", [
      { primary_email: "info@acme.test", type: "functional_account" },
      { primary_email: "jane@acme.test" },
    ]);
    expect(mixed.status).to.equal(207);
    expect(mixed.body).to.have.property("users").with.length(1);
    expect(mixed.body).to.have.property("errors").with.length(1);
  });

  it("deletes", async () => {
    const { simulator, call } = await start();
    expect((await call("DELETE", "orgs/acme.test/users/jane@acme.test")).status).to.equal(204);
    expect(simulator.users()).to.deep.equal([]);
  });

  it("counts seats, and shows them per organisation as a bare array", async () => {
    const { call } = await start({ seed: { logins: [{ type: "channel_admin" }], ...seed } });
    expect((await call("GET", "billing/acme.test")).body).to.deep.equal({
      eid: 1000,
      name: "acme.test",
      licensing_package: "business",
      active_users: 1,
    });
    await call("PUT", "orgs/acme.test/users/jane@acme.test", { ...jane, type: "functional_account" });
    expect((await call("GET", "billing/acme.test/orgs")).body).to.deep.equal([
      { eid: 1000, name: "acme.test", licensing_package: "business", active_users: 0 },
    ]);
    expect((await call("GET", "orgs/acme.test")).body).to.include({ user_licenses: 2, active_users: 0 });
  });

  it("keeps Azure sync settings and exemptions in every form of body", async () => {
    const { call } = await start();
    expect((await call("GET", "orgs/acme.test/settings/azure")).status).to.equal(404);
    await call("PUT", "orgs/acme.test/settings/azure", { sync_frequency: 24 });
    expect((await call("GET", "orgs/acme.test/settings/azure")).body).to.deep.equal({ sync_frequency: 24 });
    for (const body of ["a@acme.test,b@acme.test", ["c@acme.test"], { emails: "d@acme.test" }]) {
      expect((await call("PUT", "orgs/acme.test/settings/azure/exemptions", body)).status).to.equal(204);
    }
    const emails = async () =>
      ((await call("GET", "orgs/acme.test/settings/azure/exemptions")).body as unknown as { email: string }[]).map(({ email }) => email);
    expect(await emails()).to.deep.equal(["a@acme.test", "b@acme.test", "c@acme.test", "d@acme.test"]);
    await call("DELETE", "orgs/acme.test/settings/azure/exemptions/a@acme.test");
    expect(await emails()).to.have.length(3);
    await call("DELETE", "orgs/acme.test/settings/azure/exemptions");
    expect(await emails()).to.deep.equal([]);
  });

  it("refuses or ignores the way back to end_user as it is told, and so with the licence cap", async () => {
    const functional = { ...jane, type: "functional_account" };
    for (const [backToEndUser, status, type] of [
      ["refused", 422, "functional_account"],
      ["ignored", 204, "functional_account"],
      ["allowed", 204, "end_user"],
    ] as const) {
      const { simulator, call } = await start({
        seed: { organisations: [{ primary_domain: "acme.test", users: [functional] }] },
        switches: { backToEndUser },
      });
      expect((await call("PUT", "orgs/acme.test/users/jane@acme.test", jane)).status).to.equal(status);
      expect(simulator.users()[0]?.type).to.equal(type);
      await simulator.close();
    }
    const { call } = await start({
      seed: { organisations: [{ primary_domain: "acme.test", user_licenses: 0, users: [functional] }] },
      switches: { licenceCap: "on_create_and_convert" },
    });
    expect((await call("PUT", "orgs/acme.test/users/jane@acme.test", jane)).status).to.equal(403);
  });

  it("fails as told: which requests, after how many, how often", async () => {
    const { call } = await start({ faults: [{ kind: 500, method: "GET", path: "/users", after: 1, times: 1 }] });
    const statuses = [];
    for (let turn = 0; turn < 3; turn++) statuses.push((await call("GET", "orgs/acme.test/users")).status);
    expect(statuses).to.deep.equal([200, 500, 200]);
    expect((await call("GET", "me")).status).to.equal(200);
  });

  it("records requests without headers, and starts over with reset", async () => {
    const { simulator, call } = await start();
    await call("PUT", "orgs/acme.test/users/jane@acme.test", { ...jane, type: "functional_account" });
    expect(simulator.requests).to.have.length(1);
    expect(simulator.requests[0]).to.include({ method: "PUT", path: "/orgs/acme.test/users/jane@acme.test", status: 204 });
    expect(JSON.stringify(simulator.requests)).to.not.contain("X-Password");
    simulator.reset();
    expect(simulator.requests).to.deep.equal([]);
    expect(simulator.users()[0]?.type).to.equal("end_user");
  });

  it("can be steered from outside, for the command", async () => {
    const { simulator, call } = await start();
    await fetch(`${simulator.url}/_simulator/faults`, { method: "PUT", body: JSON.stringify([{ kind: 429, retryAfter: "3" }]) });
    expect((await call("GET", "me")).status).to.equal(429);
    expect(await (await fetch(`${simulator.url}/_simulator/requests`)).json()).to.have.length(1);
    await fetch(`${simulator.url}/_simulator/reset`, { method: "POST" });
    expect((await call("GET", "me")).status).to.equal(200);
  });

  it("answers 404 to what it does not know and 405 to a wrong method", async () => {
    const { call } = await start();
    expect((await call("GET", "orgs/acme.test/nothing")).status).to.equal(404);
    expect((await call("PATCH", "orgs/acme.test/users/jane@acme.test", {})).status).to.equal(405);
  });
});
