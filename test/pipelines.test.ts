import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parse } from "yaml";

type Node = Readonly<Record<string, unknown>>;

const root = fileURLToPath(new URL("..", import.meta.url));
const gitHub = load(".github/workflows");
const azure = load("azure-pipelines");

function load(folder: string): readonly (readonly [name: string, text: string, content: Node])[] {
  return readdirSync(`${root}${folder}`).map((name) => {
    const text = readFileSync(`${root}${folder}/${name}`, "utf8");
    return [name, text, parse(text) as Node] as const;
  });
}

/** Every object in a document. */
function nodes(value: unknown): Node[] {
  if (typeof value !== "object" || value === null) return [];
  return [...(Array.isArray(value) ? [] : [value as Node]), ...Object.values(value).flatMap(nodes)];
}

const jobs = gitHub.flatMap(([name, , content]) =>
  Object.entries(content["jobs"] as Record<string, Node>).map(([job, node]) => [`${name} ${job}`, node] as const),
);
/** Itself, or by the first job it needs. */
const isMainOnly = (name: string, { if: condition, needs }: Node) =>
  String(condition).includes("github.ref == 'refs/heads/main'") || (name.startsWith("deploy") && needs !== undefined);
const isOurs = (command: unknown) =>
  /^npm ci$|^npm run pipeline -- (preview|apply|drift)( -s [a-z]+)+( --plans? [\w$()./]+)?$/.test(String(command));

describe("The workflows for GitHub", () => {
  it("pin every action to a commit", () => {
    const used = gitHub.flatMap(([, text]) => [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action ?? ""));
    expect(used).to.have.length.greaterThan(10);
    for (const action of used) expect(action).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("know no secret: they log in with a token of their own, and write with the job's", () => {
    for (const [name, text] of gitHub) expect(text, name).to.not.contain("secrets.");
    for (const [name, job] of jobs) expect(job["permissions"], name).to.deep.include({ contents: "read", "id-token": "write" });
  });

  it("may do nothing by default, and write only where they comment or open an issue", () => {
    for (const [name, , content] of gitHub) expect(content["permissions"], name).to.deep.equal({});
    const writes = jobs.map(([name, job]) => [
      name,
      Object.entries(job["permissions"] as Record<string, string>).flatMap(([what, how]) =>
        how === "write" && what !== "id-token" ? [what] : [],
      ),
    ]);
    expect(Object.fromEntries(writes)).to.deep.equal({
      "preview.yml preview": ["pull-requests"],
      "deploy.yml staging": [],
      "deploy.yml plan": [],
      "deploy.yml prod": [],
      "drift.yml drift": ["issues"],
    });
  });

  it("install before they log in, keep no credential of git, and run our steps only", () => {
    for (const [name, job] of jobs) {
      const steps = job["steps"] as Node[];
      const at = (what: RegExp) => steps.findIndex((step) => what.test(String(step["uses"] ?? step["run"])));
      expect(at(/^npm ci/), name).to.be.lessThan(at(/^azure\/login/));
      expect(at(/^azure\/login/), name).to.be.lessThan(at(/pipeline/));
      expect(steps[at(/checkout/)]?.["with"], name).to.deep.include({ "persist-credentials": false });
      for (const step of steps) if ("run" in step) expect(isOurs(step["run"]), `${name}: ${String(step["run"])}`).to.equal(true);
    }
  });

  it("run in the environment that a credential is for, and prod waits for its own", () => {
    expect(jobs.map(([name, job]) => [name, job["environment"]])).to.have.deep.members([
      ["preview.yml preview", "preview"],
      ["deploy.yml staging", "staging"],
      ["deploy.yml plan", "staging"],
      ["deploy.yml prod", "prod"],
      ["drift.yml drift", "drift"],
    ]);
    for (const [name, job] of jobs) if (!name.startsWith("preview")) expect(isMainOnly(name, job), name).to.equal(true);
    expect(jobs.find(([name]) => name === "deploy.yml prod")?.[1]["needs"]).to.equal("plan");
    expect(jobs.find(([name]) => name === "deploy.yml plan")?.[1]["needs"]).to.equal("staging");
  });
});

describe("The pipelines for Azure DevOps", () => {
  it("run our steps only, logged in by the service connection", () => {
    const steps = azure.flatMap(([, , content]) => nodes(content));
    const scripts = steps.flatMap((step) => ("script" in step ? [step["script"]] : []));
    expect([...new Set(scripts)]).to.deep.equal(["npm ci"]);
    const logged = steps.filter(({ task }) => task === "AzureCLI@2");
    expect(logged).to.have.length(5);
    for (const { inputs, env } of logged) {
      const { inlineScript, azureSubscription } = inputs as Node;
      expect(isOurs(inlineScript), String(inlineScript)).to.equal(true);
      expect(azureSubscription).to.equal("proofpoint");
      expect(env).to.deep.equal({ SYSTEM_ACCESSTOKEN: "$(System.AccessToken)" });
    }
    for (const step of steps) if ("checkout" in step) expect(step["persistCredentials"]).to.equal(false);
  });

  it("apply prod's plan behind an approval, after staging", () => {
    const stages = azure.find(([name]) => name === "deploy.yml")?.[2]["stages"] as Node[];
    expect(stages.map(({ stage, dependsOn }) => [stage, dependsOn])).to.deep.equal([
      ["staging", undefined],
      ["plan", "staging"],
      ["prod", "plan"],
    ]);
    expect(nodes(stages[2]).some(({ environment }) => environment === "proofpoint-prod")).to.equal(true);
  });
});
