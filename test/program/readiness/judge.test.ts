import { expect } from "chai";
import { loginSchema, organisationSchema, endpointsSchema } from "../../../provider/essentials/organisation.ts";
import { judgeClock, judgeLicences, judgeLogin, judgeSync } from "../../../program/readiness/judge.ts";
import type { Facts } from "../../../program/readiness/look.ts";
import { describeCredentials, judgeEndpoints, judgeExemptions } from "../../../program/readiness/stack.ts";
import { decision } from "../../support/builders.ts";

const now = new Date("2026-11-22T06:00:00Z");

function facts({ login = {}, organisation = {} }: { login?: object; organisation?: object } = {}): Facts {
  return {
    login: { value: loginSchema.parse({ type: "organization_admin", entity_primary_domain: "acme.test", ...login }) },
    organisation: {
      value: organisationSchema.parse({ primary_domain: "acme.test", user_licenses: "10", active_users: 9, ...organisation }),
    },
    sync: { value: undefined },
    clockSkewMs: 0,
  };
}
const failed = { failure: "Could not ask." };

describe("Readiness: the login", () => {
  const judge = (...args: Parameters<typeof facts>) => judgeLogin(facts(...args), "acme.test");

  it("is right when it is an administrator of the organisation who may write", () => {
    expect(judge()).to.deep.equal({ level: "ok", subject: "Login", message: "organization_admin, of acme.test; it may write" });
    expect(judge({ login: { type: undefined, entity_primary_domain: null } }).level).to.equal("ok");
  });

  it("is a problem when it can only read, in whatever form the API says so, or is nobody who may use the API", () => {
    for (const read_only_user of [true, "true", 1, "1"]) {
      const { level, message } = judge({ login: { read_only_user } });
      expect([level, message]).to.deep.equal([
        "problem",
        "It is organization_admin, of acme.test, and read-only: it can preview and change nothing. Use one that may write (proofpoint:credentials).",
      ]);
    }
    expect(judge({ login: { read_only_user: "false" } }).level).to.equal("ok");
    expect(judge({ login: { type: "end_user" } }).message).to.contain("Only administrators can use the API");
    expect(judge({ login: { type: "Organization Admin" } }).level).to.equal("ok");
  });

  it("is a problem when it belongs to another organisation, unless it is a partner's", () => {
    const elsewhere = { entity_primary_domain: "Other.test" };
    expect(judge({ login: elsewhere }).message).to.contain("can only change its own organisation, not acme.test");
    expect(judge({ login: elsewhere, organisation: { domains: ["other.test"] } }).level).to.equal("ok");
    expect(judge({ login: { ...elsewhere, type: "channel_admin" } }).message).to.contain("(a partner's, for acme.test)");
    expect(judge({ login: elsewhere }).level).to.equal("problem");
  });

  it("is a warning when it could not be asked", () => {
    expect(judgeLogin({ ...facts(), login: failed }, "acme.test")).to.deep.include({
      level: "warning",
      message: "It could not be asked what it may do. Could not ask.",
    });
  });
});

describe("Readiness: directory sync, licences, clock", () => {
  it("warns of a secret that expires, and tells the flags", () => {
    const judge = (secret_expiry: string, sync = true) =>
      judgeSync({ value: { secret_expiry, sync, last_successful_sync: "2026-11-20T02:00:00Z" } }, now);
    expect(judge("2027-11-01", false).message).to.contain("set up, and off");
    expect(judgeSync({ value: undefined }, now)).to.include({ level: "ok", message: "not set up" });
    expect(judgeSync(failed, now).level).to.equal("warning");
    expect(judge("2027-11-01")).to.deep.include({ level: "ok", message: "on, sync true, last 2026-11-20T02:00:00Z" });
    expect(judge("2026-12-01").message).to.contain("expires in 8 days, on 2026-12-01");
    expect(judge("2026-11-20").message).to.contain("expired on 2026-11-20");
    expect(judge("soon").level).to.equal("ok");
  });

  it("warns when more are to become end users than there are licences", () => {
    const back = (count: number) =>
      Array.from({ length: count }, (_, index) => decision({ email: `${index}@acme.test`, have: "functional_account", want: "end_user" }));
    expect(judgeLicences(facts(), back(1)).level).to.equal("ok");
    const { level, message } = judgeLicences(facts({ organisation: { licensing_package: "business" } }), [
      ...back(2),
      decision({ want: "functional_account" }),
    ]);
    expect(level).to.equal("warning");
    expect(message).to.contain("9 of 10 in use (business), and 2 accounts are to become end users, while 1 give theirs back");
    expect(judgeLicences(facts({ organisation: { user_licenses: undefined } }), back(5)).level).to.equal("ok");
    expect(judgeLicences({ ...facts(), organisation: failed }, []).level).to.equal("warning");
  });

  it("judges the clock: minutes are a warning, an hour is a problem", () => {
    expect(judgeClock(30_000).level).to.equal("ok");
    expect(judgeClock(-6 * 60_000).message).to.equal("This machine's clock is 6 minutes behind the API's. Set it.");
    expect(judgeClock(2 * 3_600_000)).to.deep.include({ level: "problem" });
    expect(judgeClock(undefined).level).to.equal("warning");
  });
});

describe("Readiness: where things are", () => {
  it("names the source of credentials and no value", () => {
    expect(describeCredentials({ source: "environment" })).to.contain("PROOFPOINT_USER, PROOFPOINT_PASSWORD");
  });

  it("compares the host with where the service says the organisation lives, in any form", () => {
    const judge = (endpoints: unknown[]) =>
      judgeEndpoints("https://us1.proofpointessentials.com/api/v1", { value: endpointsSchema.parse({ endpoints }) });
    for (const told of [[], ["us1"], ["https://us1.proofpointessentials.com"], [{ url: "https://US1.proofpointessentials.com/" }]])
      expect(judge(told).level).to.equal("ok");
    expect(judge(["eu1"]).message).to.contain("the service says the organisation lives on eu1");
    expect(judgeEndpoints("https://us1.proofpointessentials.com", failed).level).to.equal("warning");
  });

  it("counts exemptions that are needed and missing, and warns where nobody adds them", () => {
    const open = [decision({ want: "functional_account", rule: "terminated" })];
    const sync = { value: {} };
    const judge = (setting: "manage" | "warn" | undefined, exempt: string[] = []) =>
      judgeExemptions(setting, sync, { value: exempt }, open);
    expect(judge(undefined)).to.deep.include({ level: "ok", message: "manage; 0 there, 1 more needed" });
    expect(judge("warn").level).to.equal("warning");
    expect(judge("warn", ["Jane@acme.test"]).level).to.equal("ok");
    expect(judgeExemptions("warn", { value: undefined }, { value: [] }, open).level).to.equal("ok");
    expect(judgeExemptions(undefined, { value: undefined }, { value: [] }, open).message).to.equal(
      "none needed: there is no directory sync",
    );
    expect(judgeExemptions(undefined, sync, failed, open).level).to.equal("problem");
  });
});
