import { expect } from "chai";
import { EssentialsError } from "../../../provider/essentials/errors.ts";
import { closeApis, countRequests, createApi, rejection, serve } from "../../support/api.ts";

describe("client", () => {
  afterEach(closeApis);

  it("lists users of every type in one request", async () => {
    const { essentials, simulator } = await createApi({
      users: [
        { primary_email: "Jane@acme.test", type: "end_user", alias_emails: ["j@acme.test"] },
        { primary_email: "info@acme.test", type: "functional_account" },
        { primary_email: "admin@acme.test", type: "organization_admin" },
      ],
    });
    expect(await essentials.listUsers()).to.deep.equal([
      { email: "Jane@acme.test", type: "end_user", aliases: ["j@acme.test"], active: true },
      { email: "info@acme.test", type: "functional_account", aliases: [], active: true },
      { email: "admin@acme.test", type: "organization_admin", aliases: [], active: true },
    ]);
    expect(countRequests(simulator)).to.deep.equal({ list: 1, get: 0, put: 0, other: 0 });
  });

  it("reads the bare list of older servers, older field names, and numbers and booleans as text", async () => {
    const { essentials } = await createApi({ switches: { userList: "bare", naming: "white", scalars: "text" } });
    expect(await essentials.listUsers()).to.deep.equal([{ email: "jane@acme.test", type: "end_user", aliases: [], active: true }]);
    expect(await essentials.getUser("jane@acme.test", "look")).to.include({ uid: "100000", is_active: "true" });
  });

  it("reads from any form of is_active whether an account is switched off", async () => {
    const forms = [false, "false", 0, "0", true, "true", 1, null];
    const { essentials } = await createApi({
      users: forms.map((is_active, index) => ({ primary_email: `u${index}@acme.test`, type: "end_user", is_active })),
    });
    const active = (await essentials.listUsers()).map((each) => each.active);
    expect(active).to.deep.equal([false, false, false, false, true, true, true, true]);
  });

  for (const email of [
    "a+b@acme.test",
    "a#b@acme.test",
    "a/b@acme.test",
    "a%b@acme.test",
    "a?b@acme.test",
    "jörg.müller@acme.test",
    "a b@acme.test",
  ]) {
    it(`reaches ${email}`, async () => {
      const { essentials } = await createApi({ users: [{ primary_email: email, type: "end_user" }] });
      expect((await essentials.getUser(email, "look")).primary_email).to.equal(email);
    });
  }

  describe("on a wrong answer", () => {
    const advice: [number, string, RegExp][] = [
      [401, "auth", /answered 401 .*user name or password is wrong.*proofpoint:credentials/],
      [403, "auth", /answered 403 .*read-only/],
      [404, "not_found", /answered 404 .*proofpoint:domain \(acme\.test\)/],
      [422, "rejected", /answered 422/],
      [302, "unexpected_response", /answered 302, a redirect.*not sent on/],
    ];
    for (const [kind, code, message] of advice) {
      it(`${kind} is one sentence (${code}) and is not repeated`, async () => {
        const { essentials, simulator } = await createApi({ faults: [{ kind: kind as 401 }] });
        const error = await rejection(essentials.listUsers());
        expect(error).to.be.instanceOf(EssentialsError).and.include({ code });
        expect(error.message)
          .to.match(/^Could not list the users of acme\.test: /)
          .and.match(message);
        expect(simulator.requests).to.have.length(1);
      });
    }

    it("a wrong password is sent once, not once a user", async () => {
      const { essentials, simulator } = await createApi({ login: { user: "admin@acme.test", password: "wrong-password" } });
      const errors = await Promise.all(Array.from({ length: 20 }, () => rejection(essentials.getUser("jane@acme.test", "look"))));
      expect(new Set(errors.map(({ message }) => message)).size).to.equal(1);
      expect(simulator.requests.length).to.be.at.most(2);
    });

    it("a login that is not an administrator's is refused", async () => {
      const { essentials } = await createApi({ seed: { logins: [{ type: "end_user" }] } });
      expect(await rejection(essentials.listUsers())).to.include({ code: "auth" });
    });

    it("a read-only login may read, and writing says why not", async () => {
      const { essentials } = await createApi({
        seed: {
          logins: [{ read_only_user: true }],
          organisations: [{ primary_domain: "acme.test", users: [{ primary_email: "jane@acme.test", type: "end_user" }] }],
        },
      });
      const user = await essentials.getUser("jane@acme.test", "look");
      const error = await rejection(essentials.putUser("jane@acme.test", user, "set jane@acme.test to functional_account"));
      expect(error.message).to.equal(
        "Could not set jane@acme.test to functional_account: the API answered 403 (The login is read-only). The login may be read-only, or acme.test is outside what it may manage. (code auth)",
      );
    });

    it("a user without a type is quoted, with its owner", async () => {
      const { essentials } = await createApi({ users: [{ primary_email: "jane@acme.test", type: "" }] });
      const error = await rejection(essentials.listUsers());
      expect(error).to.include({ code: "unexpected_response" });
      expect(error.message).to.contain('users[0].type of jane@acme.test is ""');
    });

    it("a list that is none is quoted", async () => {
      const { essentials } = await createApi({ connection: { apiUrl: await serve((_request, response) => response.end('{"user":[]}')) } });
      expect((await rejection(essentials.listUsers())).message).to.contain("users is missing");
    });
  });

  describe("tries a read again", () => {
    for (const kind of [429, 500, 502, "html", "truncated", "cut"] as const) {
      it(`after ${kind}`, async () => {
        const { essentials, simulator, waits } = await createApi({ faults: [{ kind, times: 2 }] });
        expect(await essentials.listUsers()).to.have.length(1);
        expect(simulator.requests).to.have.length(3);
        expect(waits.length).to.be.at.least(2);
      });

      it(`after ${kind}, not for ever`, async () => {
        const { essentials, simulator } = await createApi({ faults: [{ kind }] });
        const error = await rejection(essentials.listUsers());
        expect(error).to.be.instanceOf(EssentialsError);
        expect(simulator.requests).to.have.length(kind === 429 ? 12 : 5);
        expect(error.message).to.not.contain("<");
      });
    }

    it("after a timeout", async () => {
      const { essentials, simulator } = await createApi({ connection: { timeoutSeconds: 0.1 }, faults: [{ kind: "timeout", times: 1 }] });
      expect(await essentials.listUsers()).to.have.length(1);
      expect(simulator.requests).to.have.length(2);
    });

    it("no sooner than Retry-After says, in seconds or as a date", async () => {
      for (const retryAfter of ["7", new Date(7000).toUTCString()]) {
        const { essentials, waits } = await createApi({ faults: [{ kind: 429, times: 1, retryAfter }] });
        await essentials.listUsers();
        expect(Math.max(...waits)).to.be.at.least(7000);
      }
    });
  });

  describe("does not repeat a write that may have been carried out", () => {
    for (const kind of [500, "html", "cut", "cut_after"] as const) {
      it(`after ${kind}`, async () => {
        const { essentials, simulator } = await createApi({ faults: [{ kind, method: "PUT" }] });
        const user = await essentials.getUser("jane@acme.test", "look");
        expect(await rejection(essentials.putUser("jane@acme.test", user, "set it"))).to.include({
          code: "unavailable",
          maybeApplied: true,
        });
        expect(countRequests(simulator).put).to.equal(1);
      });
    }

    it("and does after 429, which was refused before anything was done", async () => {
      const { essentials, simulator } = await createApi({ faults: [{ kind: 429, method: "PUT", times: 1 }] });
      await essentials.putUser("jane@acme.test", await essentials.getUser("jane@acme.test", "look"), "set it");
      expect(countRequests(simulator).put).to.equal(2);
    });
  });

  it("says what to do when nobody listens", async () => {
    const { essentials } = await createApi({ connection: { apiUrl: "http://127.0.0.1:9/api/v1" } });
    expect((await rejection(essentials.listUsers())).message)
      .to.contain("no connection to 127.0.0.1:9 (ECONNREFUSED)")
      .and.contain("npm run simulator");
  });

  it("does not try again where a server cannot prove who it is", async () => {
    const { simulator } = await createApi();
    const { essentials, waits } = await createApi({ connection: { apiUrl: `${simulator.url.replace("http:", "https:")}/api/v1` } });
    expect((await rejection(essentials.listUsers())).message)
      .to.contain("could not prove who it is")
      .and.contain("Nothing was sent");
    expect(waits).to.deep.equal([]);
  });

  it("does not wait longer than it may for an answer that arrives byte by byte", async () => {
    const apiUrl = await serve((_request, response) => {
      const dribble = setInterval(() => response.write(" "), 20);
      response.once("close", () => clearInterval(dribble));
    });
    const { essentials } = await createApi({ connection: { apiUrl, timeoutSeconds: 0.1 } });
    expect((await rejection(essentials.listUsers())).message).to.contain("no whole answer from");
  });

  it("does not follow a redirect with the login", async () => {
    let followed = 0;
    const location = await serve((_request, response) => {
      followed++;
      response.end("{}");
    });
    const apiUrl = await serve((_request, response) => response.writeHead(307, { Location: location }).end());
    const { essentials } = await createApi({ connection: { apiUrl } });
    expect(await rejection(essentials.listUsers())).to.include({ code: "unexpected_response" });
    expect(followed).to.equal(0);
  });

  it("keeps the login out of errors, in every form a server could send it back", async () => {
    const login = { user: "root+1@acme.test", password: 'p"4/ss w0rd+' };
    const forms = [
      login.password,
      encodeURIComponent(login.password),
      Buffer.from(login.password).toString("base64"),
      JSON.stringify(login.password).slice(1, -1),
      login.user,
    ];
    const apiUrl = await serve((_request, response) => response.writeHead(400).end(JSON.stringify({ message: forms.join(" ") })));
    const { essentials } = await createApi({ login, connection: { apiUrl } });
    const error = await rejection(essentials.listUsers());
    for (const form of forms) expect(JSON.stringify([Object.entries(error), error.message, error.stack])).to.not.contain(form);
    expect(error.message).to.contain("[redacted]");
  });

  it("survives an API that allows ten requests a second", async function () {
    this.timeout(20_000);
    const { essentials, simulator } = await createApi({ maxPerSecond: 10 });
    const users = await Promise.all(
      Array.from({ length: 30 }, () => essentials.getUser("jane@acme.test", "look").catch((error: unknown) => error)),
    );
    expect(users.filter((each) => each instanceof EssentialsError && each.code !== "throttled")).to.deep.equal([]);
    expect(simulator.requests.some(({ status }) => status === 429)).to.equal(true);
  });
});
