import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { describeOutcomes, type Outcome } from "../../tools/pipeline/body.ts";
import { cleanLine } from "../../tools/pipeline/cleanLine.ts";
import { findForge } from "../../tools/pipeline/findForge.ts";
import { ForgeError, type Forge } from "../../tools/pipeline/forge.ts";
import { rejection } from "../support/api.ts";
import { gitHubRepository, startForge, type FakeForge } from "../support/forge.ts";

const mark = "<!-- proofpoint-drift prod -->";

describe("A pipeline on GitHub", () => {
  let server: FakeForge;
  let repository: ReturnType<typeof gitHubRepository>;
  let forge: Forge;
  let environment: Record<string, string>;
  beforeEach(async () => {
    repository = gitHubRepository();
    server = await startForge(repository.answer);
    environment = {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: server.url,
      GITHUB_REPOSITORY: "acme/mail",
      GITHUB_REF: "refs/pull/7/merge",
      GITHUB_TOKEN: "job-token",
    };
    forge = findForge(environment);
  });
  afterEach(() => server.close());

  it("writes one comment on the pull request, and edits it from then on", async () => {
    await forge.comment(mark, "first");
    await forge.comment(mark, "second");
    await forge.comment("<!-- another -->", "other");
    expect(repository.comments.map(({ body }) => body)).to.deep.equal([`${mark}\nsecond`, "<!-- another -->\nother"]);
    expect(server.token).to.equal("Bearer job-token");
  });

  it("leaves a person's comment alone, whatever it begins with", async () => {
    repository.comments.push({ id: 1, number: 1, body: `${mark}\nmine`, user: { type: "User" } });
    await forge.comment(mark, "ours");
    expect(repository.comments.map(({ body }) => body)).to.deep.equal([`${mark}\nmine`, `${mark}\nours`]);
  });

  it("finds its comment behind a hundred others", async () => {
    const others = Array.from({ length: 100 }, (_, id) => ({ id, number: id, body: "hm", user: { type: "User" } }));
    const paged = await startForge((what) => ({
      body: what.includes("&page=1") ? others : [{ id: 200, body: mark, user: { type: "Bot" } }],
    }));
    await findForge({ ...environment, GITHUB_API_URL: paged.url }).comment(mark, "again");
    expect(paged.asked.at(-1)?.what).to.equal("PATCH /repos/acme/mail/issues/comments/200");
    await paged.close();
  });

  it("comments nowhere outside a pull request", async () => {
    await findForge({ ...environment, GITHUB_REF: "refs/heads/main" }).comment(mark, "text");
    expect(server.asked).to.deep.equal([]);
  });

  it("opens one issue, brings it up to date, and closes it", async () => {
    await forge.raise(mark, "prod has drifted", "a");
    await forge.raise(mark, "prod has drifted", "b");
    expect(repository.issues.map(({ body, state }) => [body, state])).to.deep.equal([[`${mark}\nb`, "open"]]);
    await forge.settle(mark, "clean");
    await forge.settle(mark, "clean");
    expect(repository.issues.map(({ state }) => state)).to.deep.equal(["closed"]);
    await forge.raise(mark, "prod has drifted", "c");
    expect(repository.issues.map(({ state }) => state)).to.deep.equal(["closed", "open"]);
  });

  it("adds to the page of the run", async () => {
    const folder = await mkdtemp(join(tmpdir(), "proofpoint-"));
    const path = join(folder, "summary.md");
    const here = findForge({ ...environment, GITHUB_STEP_SUMMARY: path });
    await here.summarize("one");
    await here.summarize("two");
    expect(await readFile(path, "utf8")).to.equal("one\ntwo\n");
    await rm(folder, { recursive: true });
  });

  it("says which permission is missing, and never the token", async () => {
    const refusing = await startForge(() => ({ status: 403, body: { message: "Resource not accessible by integration" } }));
    const error = await rejection(findForge({ ...environment, GITHUB_API_URL: refusing.url }).comment(mark, "text"));
    expect(error).to.be.instanceOf(ForgeError);
    expect(error.message).to.match(/^GET \/repos\/acme\/mail\/issues\/7\/comments: it answered 403\. The job needs `permissions:`/);
    expect(error.message).to.not.contain("job-token");
    await refusing.close();
    const { GITHUB_TOKEN: _, ...without } = environment;
    expect(() => findForge(without)).to.throw("GITHUB_TOKEN is not set. Give the step");
  });
});

describe("A pipeline on Azure DevOps", () => {
  const work = "/acme/Mail ops/_apis/wit";
  const threads = "/acme/Mail ops/_apis/git/repositories/r1/pullRequests/7/threads";
  let server: FakeForge;
  let answers: Record<string, unknown>;
  let forge: Forge;
  const asked = () => server.asked.map(({ what }) => what.replace("?api-version=7.1", ""));
  beforeEach(async () => {
    answers = { [`POST ${work}/wiql`]: { workItems: [] }, [`GET ${threads}`]: { value: [] } };
    server = await startForge((what) => ({ body: answers[what.replace("?api-version=7.1", "")] ?? {} }));
    forge = findForge({
      TF_BUILD: "True",
      SYSTEM_COLLECTIONURI: `${server.url}/acme/`,
      SYSTEM_TEAMPROJECT: "Mail ops",
      SYSTEM_ACCESSTOKEN: "job-token",
      BUILD_REPOSITORY_ID: "r1",
      SYSTEM_PULLREQUEST_PULLREQUESTID: "7",
    });
  });
  afterEach(() => server.close());

  it("writes one comment on the pull request that blocks no merge, and edits it from then on", async () => {
    await forge.comment(mark, "first");
    expect(server.asked.at(-1)).to.deep.equal({
      what: `POST ${threads}?api-version=7.1`,
      body: { comments: [{ parentCommentId: 0, content: `${mark}\nfirst`, commentType: "text" }], status: "closed" },
    });
    answers[`GET ${threads}`] = { value: [{ id: 3 }, { id: 4, comments: [{ id: 1, content: `${mark}\nfirst` }] }] };
    await forge.comment(mark, "second");
    expect(asked().at(-1)).to.equal(`PATCH ${threads}/4/comments/1`);
  });

  it("opens one work item, brings it up to date, and closes it; what is in it is text", async () => {
    await forge.raise(mark, "prod has drifted", "a <b>");
    expect(asked().at(-1)).to.equal(`POST ${work}/workitems/$Issue`);
    expect(server.asked.at(-1)?.body).to.deep.equal([
      { op: "add", path: "/fields/System.Title", value: "prod has drifted" },
      { op: "add", path: "/fields/System.Description", value: "<pre>a &lt;b&gt;</pre>" },
      { op: "add", path: "/fields/System.Tags", value: "proofpoint-drift; proofpoint-drift prod" },
    ]);
    expect((server.asked[0]?.body as { query: string }).query).to.contain("[System.Tags] CONTAINS 'proofpoint-drift prod'");
    answers[`POST ${work}/wiql`] = { workItems: [{ id: 12 }] };
    await forge.raise(mark, "prod has drifted", "b");
    expect(asked().at(-1)).to.equal(`PATCH ${work}/workitems/12`);
    await forge.settle(mark, "clean");
    expect(server.asked.at(-1)?.body).to.deep.include({ op: "add", path: "/fields/System.State", value: "Done" });
    answers[`POST ${work}/wiql`] = { workItems: [] };
    await forge.settle(mark, "clean");
    expect(asked().at(-1)).to.equal(`POST ${work}/wiql`);
  });
});

describe("A pipeline at home", () => {
  it("writes nowhere", async () => {
    const forge = findForge({});
    for (const written of [forge.comment(mark, ""), forge.raise(mark, "", ""), forge.settle(mark, ""), forge.summarize("")])
      expect(await written).to.equal(undefined);
  });
});

describe("What a pipeline says of a run", () => {
  const outcome = (overrides: Partial<Outcome> = {}): Outcome => ({
    stack: "prod",
    code: 0,
    report: "# acme.test: 1 change\n",
    said: "",
    ...overrides,
  });

  it("is the report, one after the other for several stacks", () => {
    expect(describeOutcomes([outcome({ stack: "staging" }), outcome()], "Commit 1")).to.equal(
      "**Stack `staging`**\n\n# acme.test: 1 change\n\n---\n\n**Stack `prod`**\n\n# acme.test: 1 change\n\n---\n\n_Commit 1_",
    );
  });

  it("of a failed one is its diagnostics, in which nothing is markup", () => {
    const report = Array.from({ length: 500 }, (_, at) => `      leaver${at}@acme.test was terminated`).join("\n");
    const said = `noise\nDiagnostics:\n  pulumi:pulumi:Stack (proofpoint-prod):\n    acme.test: 500 changes\n${report}\n    error: \`\`\`\n    [click](https://evil.test) \u001b[31mred\u001b[0m\n\nResources:\n    1 errored\n`;
    const body = describeOutcomes([outcome({ code: 255, report: undefined, said })], "Commit 1");
    expect(body).to.contain("**Stack `prod`**: Pulumi ended with 255\n\n````text\nerror: ```\n    [click](https://evil.test) red\n````");
    expect(body).to.not.contain("noise");
  });

  it("fits into a comment, however much there is", () => {
    const long = outcome({ report: "line\n".repeat(50_000) });
    const body = describeOutcomes([long, long], "Commit 1");
    expect(body.length).to.be.below(65_000);
    expect(body.split("… cut here")).to.have.length(3);
  });
});

describe("A line in the log of a pipeline", () => {
  it("is no command to a runner, whatever stands in it", () => {
    for (const line of ["Held: ##vso[task.complete result=Succeeded]", "##[error]x", "::add-mask::x", "  ::set-output name=a::b"])
      expect(cleanLine(line, [])).to.not.match(/##(vso)?\[|^\s*::/);
    for (const line of ["a::b", "## A heading", "pulumi:providers:pulumi-nodejs::default", "[x]"])
      expect(cleanLine(line, [])).to.equal(line);
  });

  it("holds no secret of the stack, which Pulumi prints where a saved plan does not fit", () => {
    expect(cleanLine("properties changed: ++proofpoint:apiPassword[{&{{S3cretValue}}}]", ["S3cretValue", "x"])).to.equal(
      "properties changed: ++proofpoint:apiPassword[{&{{[secret]}}}]",
    );
  });
});
