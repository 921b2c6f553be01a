import type http from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { toPeople } from "../../../../program/hr/person.ts";
import { FeedError } from "../../../../program/hr/row.ts";
import { hrSchema, readerOf } from "../../../../program/hr/source.ts";
import { rejection } from "../../../support/api.ts";
import { today } from "../../../support/builders.ts";
import { createAuthority, trust, type Pair } from "../../../support/certificates.ts";
import { readBody, serveSecurely, type SecureServer } from "../../../support/secureServer.ts";
import { inShort, readHr } from "../../../support/source.ts";

const code = (codeValue: string, longName?: string) => ({ codeValue, ...(longName && { longName }) });
const assignment = (status: string, overrides: object = {}) => ({
  primaryIndicator: true,
  assignmentStatus: { statusCode: code(status), effectiveDate: "2020-01-01" },
  payrollGroupCode: "ABC",
  workerTypeCode: code("F"),
  homeWorkLocation: { nameCode: code("LON") },
  ...overrides,
});
let next = 0;
const worker = (name: string, overrides: object = {}) => ({
  associateOID: `G${++next}`,
  workerID: { idValue: `W${next}` },
  person: { communication: { emails: [{ emailUri: `${name}@home.example` }] }, birthDate: "1970-01-01" },
  businessCommunication: { emails: [{ emailUri: `${name}@acme.test` }] },
  workerDates: { originalHireDate: "2019-01-07" },
  workerStatus: { statusCode: code("Active") },
  workAssignments: [assignment("A")],
  ...overrides,
});

const left = { workerStatus: { statusCode: code("Terminated") } };

/** Every shape of the vendor's samples, and what it must come to. */
const shapes: readonly [name: string, overrides: object, evidence: string | undefined][] = [
  ["active", {}, "active"],
  [
    "leaver",
    { ...left, workAssignments: [assignment("T", { lastWorkedDate: "2026-10-28" })], workerDates: { terminationDate: "2026-10-31" } },
    "terminated",
  ],
  ["retired", { ...left, workAssignments: [assignment("T", { assignmentStatus: { statusCode: code("T", "Retired") } })] }, "terminated"],
  ["deceased", { ...left, workAssignments: [assignment("D")] }, "deceased"],
  ["onleave", { workerStatus: { statusCode: code("Inactive") }, workAssignments: [assignment("L")] }, "leave"],
  ["inactive", { workerStatus: { statusCode: code("Inactive") }, workAssignments: [] }, "leave"],
  ["two", { workAssignments: [assignment("T"), assignment("A", { primaryIndicator: false })] }, "active"],
  ["backfromleave", { workAssignments: [assignment("L", { primaryIndicator: false }), assignment("A")] }, "active"],
  ["future", { workerDates: { originalHireDate: "2027-01-04" } }, "pending"],
  ["leaving", { ...left, workAssignments: [assignment("T")], workerDates: { terminationDate: "2026-12-31" } }, "leaving"],
  [
    "rehired",
    { ...left, workAssignments: [assignment("T")], workerDates: { terminationDate: "2024-01-31", rehireDate: "2025-02-03" } },
    "rehired",
  ],
  ["contradicted", { workAssignments: [assignment("T")] }, "active"],
  ["odd", { ...left, workAssignments: [assignment("X9")] }, "unknown"],
  ["bare", { workerDates: null, workAssignments: null, workerStatus: { statusCode: code("Terminated") } }, "terminated"],
  ["nomail", { businessCommunication: { emails: [] } }, undefined],
  ["nothing", { businessCommunication: null }, undefined],
];

describe("HR from ADP, over mutual TLS", function () {
  this.timeout(20_000);
  let folder: string;
  let server: SecureServer;
  let client: Pair;
  let distrust: () => void;
  /** What the server is to answer, and what it was asked. */
  let workers: object[] = [];
  let answer: (url: URL, count: number) => { status: number; body?: unknown } | undefined = () => undefined;
  let asked: string[] = [];
  let tokens = 0;
  let seconds = 3600;

  before(async () => {
    const authority = await createAuthority();
    distrust = trust(authority);
    client = await authority.client("acme");
    folder = await mkdtemp(join(tmpdir(), "adp-"));
    await writeFile(join(folder, "client.pem"), client.cert);
    await writeFile(join(folder, "client.key"), client.key);
    server = await serveSecurely((request, response) => void handle(request, response), {
      ...(await authority.server("127.0.0.1")),
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
  });
  after(async () => {
    distrust();
    await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    workers = shapes.map(([name, overrides]) => worker(name, overrides));
    answer = () => undefined;
    asked = [];
    tokens = 0;
    seconds = 3600;
  });

  async function handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    const send = (status: number, body?: unknown) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(body === undefined ? undefined : JSON.stringify(body));
    const { socket } = request;
    if (!("getPeerCertificate" in socket)) return void send(403, { error: "no certificate" });
    if (url.pathname === "/auth/oauth/v2/token") {
      const form = new URLSearchParams(await readBody(request));
      if (form.get("grant_type") !== "client_credentials" || form.get("client_secret") !== "s3cret-word")
        return void send(401, {
          error: "invalid_client",
          error_description: `The client credentials ${form.get("client_secret")} are not valid`,
        });
      return void send(200, { access_token: `token-${++tokens}`, expires_in: seconds });
    }
    asked.push(`${url.pathname}${decodeURIComponent(url.search)}`);
    const special = answer(url, asked.length);
    if (special) return void send(special.status, special.body);
    if (request.headers.authorization !== `Bearer token-${tokens}`) return void send(401, { error: "token" });
    const skip = Number(url.searchParams.get("$skip"));
    const page = workers.slice(skip, skip + Number(url.searchParams.get("$top")));
    send(page.length === 0 ? 204 : 200, page.length === 0 ? undefined : { workers: page });
  }

  const settings = (overrides: object = {}) => ({
    source: "adp",
    tokenUrl: `${server.url}/auth/oauth/v2/token`,
    apiUrl: server.url,
    clientId: { environment: "ADP_ID" },
    clientSecret: { environment: "ADP_SECRET" },
    clientCertificate: { certificate: { file: "client.pem" }, privateKey: { file: "client.key" } },
    ...overrides,
  });
  const read = (overrides: object = {}, secret = "s3cret-word") =>
    readHr(settings(overrides), { projectRoot: folder, environment: { ADP_ID: "client-id", ADP_SECRET: secret } });
  const refusal = async (overrides: object = {}, secret?: string) => {
    const error = await rejection(read(overrides, secret));
    expect(error).to.be.instanceOf(FeedError);
    expect(error.message).to.not.contain("s3cret").and.not.contain("token-");
    return error.message;
  };

  it("makes people of every shape the vendor's samples have", async () => {
    const feed = await read();
    const { people, withoutAddress } = toPeople(feed, readerOf(hrSchema.parse(settings()), today, "UTC"));
    const found = new Map(people.map(({ emails, evidence }) => [emails[0], evidence]));
    for (const [name, , evidence] of shapes) expect(found.get(`${name}@acme.test`), name).to.equal(evidence);
    expect(people).to.have.length(shapes.filter(([, , evidence]) => evidence !== undefined).length);
    expect(withoutAddress).to.equal(2);
  });

  it("decides on the code and shows the label, and keeps codes and dates of the assignment", async () => {
    workers = [
      worker("jane", {
        workAssignments: [assignment("T", { assignmentStatus: { statusCode: code("T", "Retired"), reasonCode: code("Q") } })],
      }),
    ];
    expect((await read()).rows[0]).to.include({
      personKey: `G${next}`,
      status: "T",
      statusLabel: "Retired",
      companyCode: "ABC",
      workerCategoryCode: "F",
      locationCode: "LON",
      leaveType: "",
    });
  });

  it("never uses or asks for private addresses, and leaves masked what is masked", async () => {
    const feed = await read();
    expect(JSON.stringify(feed)).to.not.contain("home.example").and.not.contain("1970");
    expect(asked[0]).to.match(/^\/hr\/v2\/workers\?\$top=100&\$skip=0&\$select=workers\/associateOID,/);
    expect(asked[0]).to.not.match(/workAssignments(,|$)/);
    expect(asked.join()).to.not.contain("person").and.not.contain("masked");
  });

  it("reads page after page until there is none, and is not deceived by a short one", async () => {
    workers = Array.from({ length: 250 }, (_, index) => worker(`user${index}`));
    answer = (_, count) => (count === 2 ? { status: 200, body: { workers: workers.slice(100, 150) } } : undefined);
    const feed = await read();
    expect(asked.map((each) => /\$skip=(\d+)/.exec(each)?.[1])).to.deep.equal(["0", "100", "150", "250"]);
    expect(feed.rows).to.have.length(250);
  });

  it("refuses a list that changes while it is read", async () => {
    workers = Array.from({ length: 150 }, (_, index) => worker(`user${index}`));
    answer = (_, count) => {
      if (count === 2) workers.unshift(worker("new"));
      return undefined;
    };
    expect(await refusal()).to.contain("one worker came twice");
  });

  it("takes an empty list and an empty answer for the end too", async () => {
    for (const body of [{ workers: [] }, [], undefined]) {
      asked = [];
      workers = [worker("jane")];
      answer = (_, count) => (count === 2 ? { status: 200, body } : undefined);
      expect(inShort(await read())).to.deep.equal(["A jane@acme.test"]);
    }
  });

  it("asks for one token for many pages, and for another when it runs out or is refused", async () => {
    workers = Array.from({ length: 250 }, (_, index) => worker(`user${index}`));
    await read();
    expect(tokens).to.equal(1);
    tokens = 0;
    seconds = 30;
    await read();
    expect(tokens).to.equal(4);
    tokens = 0;
    seconds = 3600;
    asked = [];
    answer = (_, count) => (count === 2 ? { status: 401, body: { error: "withdrawn" } } : undefined);
    await read();
    expect(tokens).to.equal(2);
  });

  it("refuses the whole read where a page in the middle fails", async () => {
    workers = Array.from({ length: 250 }, (_, index) => worker(`user${index}`));
    for (const [status, body, says] of [
      [
        403,
        { confirmMessage: { processMessages: [{ userMessage: { messageTxt: "No access for given employee ID" } }] } },
        "No access for given",
      ],
      [500, { response: { applicationCode: { message: "boom" } } }, "boom"],
      [404, { _confirmMessage: { resourceMessages: [{ processMessages: [{ developerMessage: { messageTxt: "gone" } }] }] } }, "gone"],
      [200, { workers: [{ associateOID: 7 }] }, "does not fit what is known of Workers v2"],
      [200, { workers: null }, "does not fit what is known of Workers v2"],
      [200, { confirmMessage: { resourceStatusCode: "No access" } }, "does not fit what is known of Workers v2"],
      [206, { workers: [] }, "the answer was 206"],
    ] as const) {
      asked = [];
      answer = (url) => (url.searchParams.get("$skip") === "100" ? { status, body } : undefined);
      expect(await refusal()).to.contain(says);
    }
  });

  it("tries again what was throttled or broken for a moment", async () => {
    workers = [worker("jane")];
    answer = (_, count) => (count === 1 ? { status: 429 } : count === 2 ? { status: 503 } : undefined);
    expect((await read()).rows).to.have.length(1);
  });

  it("refuses no workers at all, and a read that reaches the page cap", async () => {
    workers = [];
    expect(await refusal()).to.contain("never means that everybody left");
    workers = Array.from({ length: 250 }, (_, index) => worker(`user${index}`));
    expect(await refusal({ maxPages: 2 })).to.contain("after 2 pages there were still more");
  });

  it("says what is wrong with the login, without showing it", async () => {
    expect(await refusal({}, "s3cret-wrong")).to.contain("logging in, the answer was 401");
    const strange = await (await createAuthority()).client("acme");
    await writeFile(join(folder, "strange.pem"), strange.cert);
    await writeFile(join(folder, "strange.key"), strange.key);
    const clientCertificate = { certificate: { file: "strange.pem" }, privateKey: { file: "strange.key" } };
    expect(await refusal({ clientCertificate })).to.contain("the client certificate");
  });
});
