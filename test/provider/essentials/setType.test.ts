import { expect } from "chai";
import { setType } from "../../../provider/essentials/setType.ts";
import { Verifier } from "../../../provider/essentials/verifier.ts";
import type { SimulatedUser } from "../../../simulator/world.ts";
import { closeApis, countRequests, createApi, rejection, type ApiOptions } from "../../support/api.ts";

const settleMs = 20;
const raw = (source: string) => (JSON as unknown as { rawJSON: (source: string) => unknown }).rawJSON(source);

/** Everything a user object could hold that a careless client would lose. */
const jane: SimulatedUser = {
  uid: raw("12345678901234567890"),
  primary_email: "Jane@acme.test",
  type: "end_user",
  is_active: false,
  firstname: "Jané",
  surname: 'O"Hara \u2028 \\ </script>',
  alias_emails: ["jane.ohara@acme.test"],
  safe_list_senders: ["a@b.test"],
  block_list_senders: [],
  is_billable: true,
  odin_settings: { can_impersonate: false, is_imitable: true, quota: raw("1.0") },
  read_only_user: false,
  something_new: [{ deep: [null, raw("1e400"), ""] }],
};

async function createWriter(options: ApiOptions = {}) {
  const api = await createApi({ users: [jane], ...options });
  const verifier = new Verifier(api.essentials, settleMs);
  return {
    ...api,
    set: (email: string, want: "end_user" | "functional_account" = "functional_account") => setType(api.essentials, verifier, email, want),
  };
}

describe("setting a type", () => {
  afterEach(closeApis);

  for (const put of ["replace", "merge"] as const) {
    it(`keeps every other field byte for byte on a server that ${put}s`, async () => {
      const { set, simulator } = await createWriter({ switches: { put } });
      const text = () => JSON.stringify(simulator.users()[0]);
      const before = text();
      await set("jane@acme.test");
      expect(sorted(text())).to.equal(sorted(before.replace('"end_user"', '"functional_account"')));
      const sent = simulator.requests.find(({ method }) => method === "PUT")?.body;
      expect(sent).to.equal(before.replace('"end_user"', '"functional_account"'));
      expect(sent).to.contain('"uid":12345678901234567890').and.contain('"quota":1.0').and.contain("1e400");
    });

    it(`keeps them under the older field names too, on a server that ${put}s`, async () => {
      const { set, simulator } = await createWriter({ switches: { put, naming: "white", scalars: "text" } });
      await set("jane@acme.test");
      expect(simulator.users()[0]).to.deep.include({ safe_list_senders: ["a@b.test"], block_list_senders: [], type: "functional_account" });
    });
  }

  it("costs one GET, one PUT and one list", async () => {
    const { set, simulator } = await createWriter();
    expect(await set("jane@acme.test")).to.equal("Jane@acme.test");
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 1, put: 1, other: 0 });
  });

  it("writes nothing when the account has the type already", async () => {
    const { set, simulator } = await createWriter();
    await set("jane@acme.test", "end_user");
    expect(countRequests(simulator)).to.deep.equal({ list: 0, get: 1, put: 0, other: 0 });
  });

  it("verifies all writes that finish together with one list", async () => {
    const users = Array.from({ length: 30 }, (_, index) => ({ primary_email: `u${index}@acme.test`, type: "end_user" }));
    const { set, simulator } = await createWriter({ users, latencyMs: 5 });
    await Promise.all(users.map(({ primary_email }) => set(primary_email)));
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 30, put: 30, other: 0 });
    expect(simulator.users().map(({ type }) => type)).to.deep.equal(users.map(() => "functional_account"));
  });

  it("reports a server that says yes and does nothing, by name, and lets the others pass", async () => {
    const users = ["a", "b", "c"].map((name) => ({ primary_email: `${name}@acme.test`, type: "end_user" }));
    const { set } = await createWriter({ users, faults: [{ kind: "ignored", method: "PUT", path: "b@acme.test" }] });
    const results = await Promise.allSettled(users.map(({ primary_email }) => set(primary_email)));
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected", "fulfilled"]);
    expect((results[1] as PromiseRejectedResult).reason).to.have.property(
      "message",
      "Could not set b@acme.test to functional_account: the API accepted the change, and the account is still end_user. Change it in the Proofpoint console, or hold the account (proofpoint:policy.protect.emails). (code rejected)",
    );
  });

  it("asks the account itself when the list lags behind", async () => {
    const { simulator, essentials } = await createWriter();
    const stale = await essentials.listUsers();
    const lagging = { ...essentials, listUsers: () => Promise.resolve(stale) };
    await setType(lagging, new Verifier(lagging, settleMs), "jane@acme.test", "functional_account");
    expect(countRequests(simulator)).to.include({ get: 2, put: 1 });
  });

  it("reads before it writes again when the connection is cut after the change was made", async () => {
    const { set, simulator } = await createWriter({ faults: [{ kind: "cut_after", method: "PUT", times: 1 }] });
    await set("jane@acme.test");
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 2, put: 1, other: 0 });
  });

  it("writes again, once, when the connection is cut before the change was made", async () => {
    const { set, simulator } = await createWriter({ faults: [{ kind: "cut", method: "PUT", times: 1 }] });
    await set("jane@acme.test");
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 2, put: 2, other: 0 });
    expect(simulator.users()[0]?.type).to.equal("functional_account");
  });

  it("gives up on a server that keeps failing, and says that it is not known what happened", async () => {
    const { set, simulator } = await createWriter({ faults: [{ kind: 500, method: "PUT" }] });
    expect((await rejection(set("jane@acme.test"))).message).to.match(
      /^Could not set jane@acme\.test to functional_account: the API answered 500/,
    );
    expect(countRequests(simulator).put).to.equal(2);
  });

  it("does not touch somebody who has become an administrator", async () => {
    const { set, simulator } = await createWriter({ users: [{ ...jane, type: "organization_admin" }] });
    expect((await rejection(set("jane@acme.test"))).message).to.contain(
      "the account is organization_admin now. Administrators are never touched",
    );
    expect(countRequests(simulator).put).to.equal(0);
  });

  it("names an account that is gone", async () => {
    const { set } = await createWriter();
    expect((await rejection(set("gone@acme.test"))).message).to.equal(
      "Could not set gone@acme.test to functional_account: the API answered 404 (User not found). The account is gone or was renamed since the list was read. Run again: what is left is done then. (code not_found)",
    );
  });

  for (const backToEndUser of ["refused", "ignored"] as const) {
    it(`says so when the way back is ${backToEndUser}`, async () => {
      const { set } = await createWriter({ users: [{ ...jane, type: "functional_account" }], switches: { backToEndUser } });
      expect((await rejection(set("jane@acme.test", "end_user"))).message).to.contain("Could not set jane@acme.test to end_user");
    });
  }

  it("tells everybody when the verifying list cannot be had", async () => {
    const { set } = await createWriter({ faults: [{ kind: 403, method: "GET", path: "/users", after: 1 }] });
    expect((await rejection(set("jane@acme.test"))).message).to.contain(
      "Could not confirm: set jane@acme.test to functional_account: the API accepted the change, and the list that confirms it failed: the API answered 403",
    );
  });
});

/** The same JSON with its top-level fields in order: a server may keep them in any. */
function sorted(json: string): string {
  const fields = JSON.parse(json, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? raw(context?.source ?? "") : value,
  ) as object;
  return JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))));
}
