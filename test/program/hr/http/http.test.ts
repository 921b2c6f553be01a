import { readFile, readdir } from "node:fs/promises";
import type http from "node:http";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parse } from "yaml";
import { toPeople } from "../../../../program/hr/person.ts";
import { FeedError } from "../../../../program/hr/row.ts";
import { hrSchema, readerOf } from "../../../../program/hr/source.ts";
import { closeApis, rejection, serve } from "../../../support/api.ts";
import { today } from "../../../support/builders.ts";
import { readBody } from "../../../support/secureServer.ts";
import { inShort, readHr } from "../../../support/source.ts";

interface Asked {
  readonly url: URL;
  readonly method: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
}

const environment = { KEY: "s3cret-key", PASSWORD: "s3cret-word", TOKEN: "s3cret-token" };
const person = (name: string, overrides: object = {}) => ({ id: name, mail: `${name}@acme.test`, state: "Active", ...overrides });
const columns = { email: "mail", status: "state" };

describe("HR from any HTTP source", () => {
  afterEach(closeApis);

  /** A server that answers as told, and what it was asked. */
  async function hrSystem(answer: (asked: Asked, count: number) => Answer): Promise<{ url: string; asked: Asked[] }> {
    const asked: Asked[] = [];
    const url = await serve((request, response) => {
      void readBody(request).then((body) => {
        asked.push({ url: new URL(request.url ?? "/", "http://127.0.0.1"), method: request.method, headers: request.headers, body });
        const { status = 200, json, headers = {} } = answer(asked.at(-1)!, asked.length);
        response.writeHead(status, headers).end(json === undefined ? undefined : JSON.stringify(json));
      });
    });
    return { url, asked };
  }
  const read = (settings: object) => readHr({ source: "http", columns, ...settings }, { environment });
  const refusal = async (settings: object) => {
    const error = await rejection(read(settings));
    expect(error).to.be.instanceOf(FeedError);
    expect(error.message).to.not.contain("s3cret");
    return error.message;
  };

  it("takes the records from where they are and makes rows by expressions, and nothing else", async () => {
    const { url } = await hrSystem(() => ({ json: { data: { people: [person("jane", { pay: 4711, nested: { code: 42 } })] } } }));
    const feed = await read({
      request: { url },
      records: "data.people",
      columns: { ...columns, companyCode: "nested.code", personKey: "id" },
    });
    expect(feed.rows[0]).to.include({ at: 1, email: "jane@acme.test", status: "Active", companyCode: "42", personKey: "jane" });
    expect(JSON.stringify(feed)).to.not.contain("4711");
  });

  describe("logs in", () => {
    const ok = () => ({ json: [person("jane")] });
    const cases: [string, object, (headers: http.IncomingHttpHeaders) => void][] = [
      ["not at all", { type: "none" }, ({ authorization }) => expect(authorization).to.equal(undefined)],
      [
        "with name and password",
        { type: "basic", user: { environment: "KEY" }, password: { value: "x" } },
        ({ authorization }) => expect(authorization).to.equal(`Basic ${Buffer.from("s3cret-key:x").toString("base64")}`),
      ],
      [
        "with a token",
        { type: "bearer", token: { environment: "TOKEN" } },
        ({ authorization }) => expect(authorization).to.equal("Bearer s3cret-token"),
      ],
      [
        "with a header",
        { type: "header", name: "X-Key", value: { environment: "KEY" } },
        (headers) => expect(headers["x-key"]).to.equal("s3cret-key"),
      ],
    ];
    for (const [how, auth, check] of cases) {
      it(how, async () => {
        const { url, asked } = await hrSystem(ok);
        await read({ request: { url }, auth, secretHeaders: { "US-Customer-Api-Key": { environment: "PASSWORD" } } });
        check(asked[0]!.headers);
        expect(asked[0]!.headers["us-customer-api-key"]).to.equal("s3cret-word");
      });
    }

    it("with client credentials, and once more when the token is refused", async () => {
      let tokens = 0;
      const { url, asked } = await hrSystem(({ url: at, headers }) => {
        if (at.pathname.endsWith("/token")) return { json: { access_token: `t${++tokens}`, expires_in: "3600" } };
        return headers.authorization === "Bearer t2" ? { json: [person("jane")] } : { status: 401, json: { error: "expired" } };
      });
      const auth = {
        type: "oauth2",
        tokenUrl: `${url}/token`,
        clientId: { environment: "KEY" },
        clientSecret: { environment: "PASSWORD" },
        scope: "hr",
      };
      expect((await read({ request: { url }, auth })).rows).to.have.length(1);
      expect(asked[0]!.body).to.equal("grant_type=client_credentials&client_id=s3cret-key&client_secret=s3cret-word&scope=hr");
    });
  });

  describe("turns pages", () => {
    const everybody = Array.from({ length: 25 }, (_, index) => person(`u${index}`));
    const slice = (from: number, size: number) => everybody.slice(from, from + size);
    const number = ({ url }: Asked, name: string) => Number(url.searchParams.get(name));

    it("by offset, until one is empty", async () => {
      const { url, asked } = await hrSystem((each) => ({ json: slice(number(each, "start"), number(each, "count")) }));
      const feed = await read({
        request: { url, query: { q: "a b" } },
        pager: { type: "offset", parameter: "start", sizeParameter: "count", size: 10 },
      });
      expect(feed.rows).to.have.length(25);
      expect(asked.map((each) => each.url.search)).to.deep.equal([
        "?q=a+b&start=0&count=10",
        "?q=a+b&start=10&count=10",
        "?q=a+b&start=20&count=10",
        "?q=a+b&start=25&count=10",
      ]);
    });
    it("by number, until one is shorter than the first, whatever was asked for", async () => {
      const { url, asked } = await hrSystem((each) => ({ json: slice((number(each, "page") - 1) * 10, 10) }));
      for (const size of [10, 50]) {
        expect((await read({ request: { url }, pager: { type: "page", size, stop: "short" } })).rows).to.have.length(25);
        expect(asked.splice(0)).to.have.length(3);
      }
    });
    it("until the answer says there are no more, or 204", async () => {
      const { url, asked } = await hrSystem((each) => ({ json: { total: 25, people: slice((number(each, "page") - 1) * 5, 5) } }));
      expect(
        (await read({ request: { url }, records: "people", pager: { type: "page", size: 5, stop: "total", total: "total" } })).rows,
      ).to.have.length(25);
      expect(asked).to.have.length(5);
      const pager = { type: "page", size: 5, stop: "total", total: "totl" };
      expect(await refusal({ request: { url }, records: "people", pager })).to.contain('page 1 has no number at "totl"');
      const lost = await hrSystem((each) => ({
        json: { total: 25, people: number(each, "page") > 2 ? [] : slice(number(each, "page") * 5, 5) },
      }));
      expect(await refusal({ request: { url: lost.url }, records: "people", pager: { ...pager, total: "total" } })).to.contain(
        "page 3 is empty, and only 10 of 25 records have come",
      );
      const other = await hrSystem((_, count) => (count > 2 ? { status: 204 } : { json: slice(count * 5, 5) }));
      expect((await read({ request: { url: other.url }, pager: { type: "page", size: 5 } })).rows).to.have.length(10);
    });
    it("by cursor", async () => {
      const { url, asked } = await hrSystem((each) => {
        const at = number(each, "after");
        return { json: { people: slice(at, 10), ...(at < 20 && { meta: { next: String(at + 10) } }) } };
      });
      const pager = { type: "cursor", parameter: "after", next: "meta.next" };
      expect(await refusal({ request: { url }, records: "people", pager: { ...pager, next: "meta" } })).to.contain(
        'what stands at "meta" is no cursor',
      );
      asked.length = 0;
      expect((await read({ request: { url }, records: "people", pager })).rows).to.have.length(25);
      expect(asked).to.have.length(3);
    });
    it("by link, and never to another host", async () => {
      let host = "";
      const { url } = await hrSystem((each) => {
        const page = number(each, "page");
        return {
          json: slice(page * 10, 10),
          ...(page < 2 && { headers: { Link: `<x>; rel="last", <${host}?page=${page + 1}>; title="a, b"; rel="last next"` } }),
        };
      });
      host = url;
      expect((await read({ request: { url }, pager: { type: "link" } })).rows).to.have.length(25);
      host = "http://127.0.0.2/api";
      expect(await refusal({ request: { url }, pager: { type: "link" } })).to.contain("at another host, 127.0.0.2");
    });
    it("and refuses the whole read where one fails, the cap is reached, or they do not advance", async () => {
      const pager = { type: "page", size: 5 };
      const failing = await hrSystem((each) =>
        number(each, "page") === 3 ? { status: 403, json: { message: "not all of it" } } : { json: slice(number(each, "page") * 5, 5) },
      );
      expect(await refusal({ request: { url: failing.url }, pager }))
        .to.contain("page 3, the answer was 403")
        .and.contain("not all of it");
      const long = await hrSystem((each) => ({ json: slice((number(each, "page") - 1) * 5, 5) }));
      expect(await refusal({ request: { url: long.url }, pager: { ...pager, maxPages: 3 } })).to.contain(
        "after 3 pages there were still more",
      );
      const shifted = await hrSystem((each) => ({ json: slice((number(each, "page") - 1) * 5 - (number(each, "page") > 1 ? 1 : 0), 5) }));
      expect(await refusal({ request: { url: shifted.url }, pager })).to.contain("page 2 has a record that came before");
      const stuck = await hrSystem(() => ({ json: slice(0, 5) }));
      expect(await refusal({ request: { url: stuck.url }, pager })).to.contain("page 2 is the same as the one before");
      const html = await hrSystem((_, count) => (count > 1 ? { status: 200, json: { error: "session" } } : { json: slice(0, 5) }));
      expect(await refusal({ request: { url: html.url }, pager })).to.contain('page 2 has no list at "@"');
    });
  });

  it("makes a row of each entry of a list within a record, and of each address", async () => {
    const jane = person("jane", { mail: ["jane@acme.test", "j@acme.test"], jobs: [{ state: "Terminated" }, { state: "Active" }] });
    const { url } = await hrSystem(() => ({ json: [jane, person("john")] }));
    const feed = await read({
      request: { url },
      explode: "jobs",
      columns: { email: "mail", status: "item.state || state", personKey: "id" },
    });
    expect(inShort(feed)).to.deep.equal([
      "Terminated jane@acme.test",
      "Terminated j@acme.test",
      "Active jane@acme.test",
      "Active j@acme.test",
      "Active john@acme.test",
    ]);
  });

  it("refuses a list within records that is none, or that no record has", async () => {
    const { url } = await hrSystem(() => ({ json: [person("jane", { jobs: { state: "Active" } })] }));
    const settings = (explode: string) => ({ request: { url }, explode, columns: { email: "mail", status: "item.state || state" } });
    expect(await refusal(settings("jobs"))).to.contain('record 1 has no list at "jobs"');
    expect(await refusal(settings("jbos"))).to.contain('no record has a list at "jbos"');
  });

  it("names an expression that cannot be applied", async () => {
    const { url } = await hrSystem(() => ({ json: [person("jane", { mail: null })] }));
    expect(await refusal({ request: { url }, columns: { email: "to_number(a, b)", status: "state" } })).to.contain(
      "proofpoint:hr.columns.email",
    );
  });

  it("takes the bytes for what the server says they are", async () => {
    const body = Buffer.from('[{"mail":"j\xf6rg@acme.test","state":"Active"}]', "latin1");
    const send = (type: string) => serve((_, response) => void response.writeHead(200, { "Content-Type": type }).end(body));
    const feed = await read({ request: { url: await send("application/json; charset=iso-8859-1") } });
    expect(inShort(feed)).to.deep.equal(["Active jörg@acme.test"]);
    expect(await refusal({ request: { url: await send("application/json") } })).to.contain("the answer is not JSON (application/json");
  });

  it("keeps the digits of long numbers: a key that is rounded is somebody else's", async () => {
    const url = await serve(
      (_, response) =>
        void response.end(
          '[{"id":12345678901234567890,"mail":"a@a.test","state":"A"},{"id":12345678901234567891,"mail":"b@a.test","state":"T"}]',
        ),
    );
    const feed = await read({ request: { url }, columns: { ...columns, personKey: "id" } });
    expect(feed.rows.map(({ personKey }) => personKey)).to.deep.equal(["12345678901234567890", "12345678901234567891"]);
  });

  it("reads very many records on one page", async () => {
    const { url } = await hrSystem(() => ({
      json: Array.from({ length: 200_000 }, (_, index) => ({ mail: `u${index}@a.test`, state: "A" })),
    }));
    expect((await read({ request: { url } })).rows).to.have.length(200_000);
  }).timeout(20_000);

  it("joins a second answer, and refuses a record that has no partner in it, or two", async () => {
    let others: object[] = [
      { key: 1, mail: "jane@acme.test" },
      { key: "2", mail: "john@acme.test" },
    ];
    const { url } = await hrSystem(({ url: at }) => ({
      json: at.pathname.endsWith("/mail")
        ? others
        : [
            { id: "1", state: "A" },
            { id: 2, state: "T" },
          ],
    }));
    const settings = {
      request: { url },
      join: { request: { url: `${url}/mail` }, as: "other", ours: "id", theirs: "key" },
      columns: { email: "other.mail", status: "state" },
    };
    expect(inShort(await read(settings))).to.deep.equal(["A jane@acme.test", "T john@acme.test"]);
    const both = others;
    others = others.slice(1);
    expect(await refusal(settings)).to.contain("record 1 has no partner in the joined answer");
    others = [...both, { key: 1, mail: "home@home.test" }];
    expect(await refusal(settings)).to.contain("record 3 of the joined answer has the same key as one before it");
  });

  it("refuses what is no feed, without a secret in the message", async () => {
    const cases: [Answer, string][] = [
      [{ json: [] }, "never means that everybody left"],
      [{ json: {} }, 'has no list at "@"'],
      [{ json: [{ mail: "jane@acme.test" }] }, "no record has a status"],
      [{ json: [{ state: "Active" }] }, "no record has an address"],
      [{ json: [{ mail: { work: "x" }, state: "Active" }] }, "its email is no text"],
      [{ status: 302, headers: { Location: "http://127.0.0.2/" } }, "a redirect is not followed"],
      [{ status: 400, json: { error: "bad s3cret-token of jane@acme.test" } }, "bad [redacted] of [address]"],
      [{ status: 400, json: { error: `${"x".repeat(150)} s3cret-token` } }, "the answer was 400"],
      [{ status: 400, json: { people: [{ title: "jane", message: "x" }] } }, "the answer was 400. Check"],
      [{ status: 206, json: [person("jane")] }, "only 200 and 204 are whole answers"],
      [{ status: 200 }, "page 1 is empty"],
      [{ json: ["jane"] }, "it is no object"],
    ];
    for (const [answer, says] of cases) {
      const { url } = await hrSystem(() => answer);
      expect((await refusal({ request: { url }, auth: { type: "bearer", token: { environment: "TOKEN" } } })).toLowerCase()).to.contain(
        says.toLowerCase(),
      );
    }
  });

  it("is checked before anything is read: https, an address and a status, and where secrets are", () => {
    const problems = (settings: object) =>
      hrSchema
        .safeParse({ source: "http", columns, ...settings })
        .error?.issues.map(({ message }) => message)
        .join();
    const url = "https://hr.acme.test";
    expect(problems({ request: { url }, records: "a[", columns: { email: "mail", status: "||" } })).to.match(
      /(is no JMESPath expression.*){2}/,
    );
    expect(problems({ request: { url }, pager: { type: "page", stop: "total" } })).to.contain("needs to know where the total is");
    expect(problems({ request: { url, headers: { Authorization: "s3cret" } } }))
      .to.contain("Invalid key")
      .and.not.contain("s3cret");
    expect(problems({ request: { url }, auth: { type: "basic", user: { value: "hr" }, password: { value: "s3cret" } } })).to.contain(
      "where the secret is",
    );
    expect(problems({ request: { url: "http://hr.acme.test" } })).to.contain("must be an https:// address");
    expect(problems({ request: { url: "https://hr.acme.test" }, columns: { email: "a" } })).to.contain(
      "must name at least email and status",
    );
    expect(problems({ request: { url: "https://hr.acme.test" }, auth: { type: "bearer", token: "s3cret" } }))
      .to.contain("must say where the secret is")
      .and.not.contain("s3cret");
  });
});

describe("Presets", () => {
  afterEach(closeApis);
  const folder = fileURLToPath(new URL("../../../../presets/", import.meta.url));

  async function runPreset(file: string, respond: (path: string, query: URLSearchParams, body: string) => unknown) {
    const url = await serve((request, response) => {
      void readBody(request).then((body) => {
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
        response.end(JSON.stringify(respond(pathname, searchParams, body)));
      });
    });
    const { origin } = new URL(url);
    const text = (await readFile(folder + file, "utf8")).replace(/https:\/\/[^/\s]+/g, origin);
    const settings = (parse(text) as Record<string, object>)["proofpoint:hr"]!;
    const secrets: [string, string][] = [...text.matchAll(/environment: (\w+)/g)].map(([, name = ""]) => [name, "x"]);
    const feed = await readHr(settings, { environment: Object.fromEntries(secrets) });
    const { people } = toPeople(feed, readerOf(hrSchema.parse(settings), today, "UTC"));
    return Object.fromEntries(people.map(({ emails, evidence }) => [emails[0] ?? "", evidence]));
  }

  it("are all tested here", async () => {
    expect((await readdir(folder)).sort()).to.deep.equal(["README.md", "bamboohr.yaml", "ukg-pro.yaml", "workday.yaml"]);
  });

  it("BambooHR: inactive is a leaver, or somebody who has not started", async () => {
    const employee = (id: string, status: string, hireDate: string, terminationDate: string) => ({
      id,
      workEmail: `${id}@acme.test`,
      status,
      hireDate,
      terminationDate,
      employmentHistoryStatus: "Full-Time",
      location: "London",
    });
    const people = await runPreset("bamboohr.yaml", (path, query, body) => {
      expect([path, query.get("onlyCurrent")]).to.deep.equal(["/api/gateway.php/COMPANY/v1/reports/custom", "false"]);
      expect((JSON.parse(body) as { fields: string[] }).fields).to.include.members(["workEmail", "status"]);
      return {
        employees: [
          employee("1", "Active", "2019-01-07", "0000-00-00"),
          employee("2", "Inactive", "2019-01-07", "2026-10-31"),
          employee("3", "Inactive", "2027-01-04", "0000-00-00"),
        ],
      };
    });
    expect(people).to.deep.equal({ "1@acme.test": "active", "2@acme.test": "terminated", "3@acme.test": "pending" });
  });

  it("UKG Pro: employments joined to addresses; strike, laid off and suspended are for people to judge", async () => {
    const codes = ["A", "L", "T", "O", "R", "S"];
    const people = await runPreset("ukg-pro.yaml", (path, query) => {
      if (Number(query.get("page")) > 1) return [];
      return codes.map((employeeStatusCode, index) =>
        path.endsWith("/person-details")
          ? { employeeId: `E${index}`, emailAddress: `${employeeStatusCode}@acme.test` }
          : {
              employeeId: `E${index}`,
              employeeStatusCode,
              originalHireDate: "2015-03-02T00:00:00",
              dateOfTermination: employeeStatusCode === "T" ? "2026-10-31T00:00:00Z" : null,
              companyCode: "C1",
            },
      );
    });
    expect(Object.values(people)).to.deep.equal(["active", "leave", "terminated", "unknown", "unknown", "unknown"]);
  });

  it("Workday: a report by the names its author gave", async () => {
    const entry = (name: string, Worker_Status: string, Termination_Date?: string) => ({
      Employee_ID: name,
      Work_Email: `${name}@acme.test`,
      Worker_Status,
      Hire_Date: "2019-01-07",
      ...(Termination_Date && { Termination_Date }),
    });
    const people = await runPreset("workday.yaml", () => ({
      Report_Entry: [entry("a", "Active"), entry("b", "Terminated", "2026-10-31"), entry("c", "On Leave")],
    }));
    expect(people).to.deep.equal({ "a@acme.test": "active", "b@acme.test": "terminated", "c@acme.test": "leave" });
  });
});
