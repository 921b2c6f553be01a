import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { createSimulator, type Simulator } from "../../simulator/simulator.ts";
import { createSynthesize, type Synthesize } from "../../simulator/synthesize/synthesize.ts";

const tool = fileURLToPath(new URL("../../tools/seats.ts", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const login = { user: "ops@msp.test", password: "horse battery 4711" };
const keys = { vendorKey: "vendor-key-4712", partnerKey: "partner-key-4713" };

const users = (domain: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ primary_email: `u${at}@${domain}`, type: "end_user" }));
const child = (name: string, count: number, more: object = {}) => ({
  primary_domain: `${name}.test`,
  name,
  parent: "msp.test",
  users: users(`${name}.test`, count),
  licensing_package: "professional",
  ...more,
});
const organisations = [
  { primary_domain: "msp.test", name: "MSP", type: "channel", users: [] },
  child("acme", 12),
  child("beta", 7, { licensing_package: "business_plus" }),
  child("trial", 3, { is_on_trial: true }),
];

it("npm run demo:seats shows the whole round, to a clean reconcile", async function () {
  this.timeout(30_000);
  const demo = spawn("npm", ["run", "--silent", "demo:seats"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  demo.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  expect((await once(demo, "close"))[0], output).to.equal(0);
  expect(output.trimEnd().split("\n").at(-1)).to.equal("11 lines: 107 seats billed, 107 used, delta 0, USD 0.00 a month.");
});

describe("npm run seats", function () {
  this.timeout(60_000);
  let folder: string;
  let proofpoint: Simulator;
  let synthesize: Synthesize;
  const file = (name: string) => join(folder, name);
  const start = (...args: readonly string[]) => {
    const env = {
      ...process.env,
      PROOFPOINT_USER: login.user,
      PROOFPOINT_PASSWORD: login.password,
      VENDOR: keys.vendorKey,
      PARTNER: keys.partnerKey,
    };
    return spawn(process.execPath, [tool, ...args, "--folder", folder], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  };
  const seats = async (...args: readonly string[]) => {
    const run = start(...args);
    let output = "";
    for (const stream of [run.stdout, run.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(run, "close")) as [number];
    for (const secret of [login.password, keys.vendorKey, keys.partnerKey]) expect(output).to.not.contain(secret);
    return { code, output };
  };
  const configure = (billing: object, more: object = {}) =>
    writeFile(
      file("config.yaml"),
      JSON.stringify({
        partners: [{ apiUrl: proofpoint.url, domain: "msp.test", credentials: { source: "environment" } }],
        billing,
        price: { currency: "USD", perSeat: { professional: "4.50", "Business +": 3 } },
        ...more,
      }),
    );
  const toSynthesize = () =>
    configure({ source: "synthesize", url: synthesize.url, vendorKey: { environment: "VENDOR" }, partnerKey: { environment: "PARTNER" } });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "proofpoint-seats-"));
    proofpoint = await createSimulator({
      seed: { logins: [{ ...login, type: "channel_admin", domain: "msp.test" }], organisations },
    });
    synthesize = await createSynthesize({ seed: { ...keys, services: [{ id: "s1", name: "Professional" }] } });
    await toSynthesize();
  });
  afterEach(async () => {
    await proofpoint.close();
    await synthesize.close();
    await rm(folder, { recursive: true });
  });

  it("goes from nothing to a clean reconcile: check, map, push, and a second push that sends nothing", async () => {
    const check = await seats("check");
    expect(check.code, check.output).to.equal(0);
    expect(check.output)
      .to.match(/^ok +Role +channel_admin/m)
      .and.match(/^ok +Authentication +a password alone/m);

    const refused = await seats("reconcile");
    expect(refused.code).to.equal(1);
    expect(refused.output).to.contain("Nothing was reconciled");

    const mapped = await seats("map", "--write");
    expect(mapped.output)
      .to.match(/acme, acme\.test \(127\.0\.0\.1\/\w+\) \+ a new account/)
      .and.contain("package Business + ? no service of that name");
    expect(mapped.code, "a package is left").to.equal(1);

    const pushed = await seats("push", "--create-services");
    expect(pushed.code, pushed.output).to.equal(0);
    expect(pushed.output).to.contain("2 counts sent, 0 not taken, 0 stale.");
    expect(Object.values(synthesize.counts())).to.have.members([12, 7]);
    expect(synthesize.rebuilds).to.equal(1);

    const again = await seats("push");
    expect(again.output).to.contain("nothing was sent");
    const { code, output } = await seats("reconcile");
    expect(code, output).to.equal(0);
    expect(output.match(/no change/g)).to.have.length(2);
    expect(output).to.contain("trial.test: 3 seats not billed, trial").and.contain("msp.test: 0 seats not billed, partner");
  });

  it("needs an approval of exactly these counts where they fall by more than a fifth, and then leaves no stale count", async () => {
    await seats("map", "--write");
    await seats("push", "--create-services");
    for (const user of proofpoint.users("beta.test")) user.type = "functional_account";
    const stopped = await seats("push");
    expect(stopped.code).to.equal(1);
    expect(stopped.output)
      .to.contain("No count was sent.\n")
      .and.match(/^ {2}beta \(\S+\) would fall from 7 to 0\.$/m);
    const [, code = ""] = /--approve ([0-9a-f]{8}) --reason/.exec(stopped.output) ?? [];
    expect(stopped.output).to.contain(`npm run seats -- push --folder ${folder} --approve ${code} --reason`);
    expect((await seats("push", "--approve", code)).code, "no reason").to.equal(2);

    const user = proofpoint.users("acme.test")[0]!;
    user.type = "functional_account";
    const other = await seats("push", "--approve", code, "--reason", "beta left us");
    expect(other.output).to.contain(`${code} was given for other counts than these`);
    expect(Object.values(synthesize.counts())).to.have.members([12, 7]);

    user.type = "end_user";
    const approved = await seats("push", "--approve", code, "--reason", "beta left us", "--by", "jane");
    expect(approved.code, approved.output).to.equal(0);
    expect(Object.values(synthesize.counts())).to.have.members([12, 0]);
    expect((await seats("history")).output)
      .to.match(/^\S+ +beta \(\S+\), Business \+ \(s2\): 0, approved by jane: beta left us$/m)
      .and.contain("3 counts sent so far; 0 have changed since.");
  });

  it("makes no service where the push is refused", async () => {
    await seats("map", "--write");
    await seats("push", "--create-services");
    for (const user of proofpoint.users("acme.test")) user.type = "functional_account";
    await writeFile(
      file("mapping.yaml"),
      (await readFile(file("mapping.yaml"), "utf8")).replace(/ {2}- package: business_plus\n.*\n.*\n/, ""),
    );
    const posts = synthesize.requests.filter(({ method }) => method !== "GET").length;
    expect((await seats("push", "--create-services")).output).to.contain("No count was sent.");
    expect(synthesize.requests.filter(({ method }) => method !== "GET").length).to.equal(posts);
  });

  it("sends a zero that is refused no further than to the setting that says so", async () => {
    await synthesize.close();
    const accounts = ["acme", "beta"].map((name) => ({ id: name, name }));
    synthesize = await createSynthesize({ seed: { ...keys, accounts, services: [{ id: "s1", name: "Professional" }] }, zero: false });
    await toSynthesize();
    await seats("map", "--write");
    await seats("push", "--create-services");
    for (const user of proofpoint.users("beta.test")) user.type = "functional_account";
    const [, code = ""] = /--approve (\w+)/.exec((await seats("push")).output) ?? [];
    const refused = await seats("push", "--approve", code, "--reason", "beta left us");
    expect(refused.code).to.equal(1);
    expect(refused.output).to.contain("set billing.zero to false");
    await writeFile(
      file("config.yaml"),
      (await readFile(file("config.yaml"), "utf8")).replace('"source":"synthesize"', '"source":"synthesize","zero":false'),
    );
    const stale = await seats("push", "--approve", code, "--reason", "beta left us");
    expect(stale.output).to.contain("stale: beta, Business + stands at 7, and Synthesize takes no 0; correct it there by hand");
    expect(stale.code).to.equal(1);
    // Rises of others go, and nobody is asked again for what is not sent.
    proofpoint.users("acme.test")[0]!.type = "functional_account";
    const next = await seats("push");
    expect(next.output)
      .to.match(/^acme, Professional: 12 → 11$/m)
      .and.contain("stale: beta");
    expect((await seats("corrected", "--account", "Beta", "--reason", "taken out there")).code).to.equal(0);
    const clean = await seats("push");
    expect([clean.code, clean.output]).to.deep.equal([0, "Nothing has changed since the last push; nothing was sent.\n"]);
    expect((await seats("corrected", "--all", "--reason", "again")).code).to.equal(1);
  });

  it("is finished by the next push wherever it was killed", async () => {
    await seats("map", "--write");
    const accounts = proofpoint.users("acme.test");
    for (const [round, requests] of [4, 5, 6, 7, 8].entries()) {
      accounts[round]!.type = "functional_account";
      const before = synthesize.requests.length;
      const push = start("push", "--create-services");
      const closed = once(push, "close");
      while (push.exitCode === null && synthesize.requests.length < before + requests)
        await new Promise((resolve) => setTimeout(resolve, 1));
      push.kill("SIGKILL");
      await closed;
      // It would count for ten seconds.
      await rm(file(".lock"), { recursive: true, force: true });
    }
    const { code, output } = await seats("push", "--create-services");
    expect(code, output).to.equal(0);
    expect(Object.values(synthesize.counts())).to.have.members([7, 7]);
    expect((await seats("push")).output).to.contain("nothing was sent");
  });

  it("refuses an option that another command has: something else was meant", async () => {
    await seats("map", "--write");
    const { code, output } = await seats("push", "--account", "acme", "--all");
    expect([code, output]).to.deep.equal([2, "push has no --account and no --all; nothing was done.\n"]);
    expect(synthesize.requests.filter(({ method }) => method !== "GET")).to.deep.equal([]);
  });

  it("makes no account for an organisation that is not billed", async () => {
    await seats("map", "--write");
    const organisation = organisations.find(({ name }) => name === "trial")!;
    const mapping = await readFile(file("mapping.yaml"), "utf8");
    const entry = `  - { organisation: ${organisation.primary_domain}, eid: HOST/1003, account: HOST/1003, name: trial }\n`;
    const host = /eid: (.+)\/\d+/.exec(mapping)?.[1] ?? "";
    await writeFile(file("mapping.yaml"), mapping.replace("services:", `${entry.replaceAll("HOST", host)}services:`));
    const { code, output } = await seats("push", "--create-services");
    expect([code, output.includes("2 accounts added.")], output).to.deep.equal([0, true]);
  });

  it("reads nothing that is not UTF-8, and keeps who may read a file, and links", async () => {
    await writeFile(file("mapping.yaml"), Buffer.from("excluded:\n  - { organisation: a.test, eid: x, reason: M\xfcller }\n", "latin1"));
    const before = await readFile(file("mapping.yaml"));
    const { code, output } = await seats("map", "--write");
    expect([code, output.includes("mapping.yaml is not UTF-8.")], output).to.deep.equal([1, true]);
    expect((await readFile(file("mapping.yaml"))).equals(before)).to.equal(true);
    await rm(file("mapping.yaml"));
    await writeFile(file("elsewhere.yaml"), "", { mode: 0o600 });
    await symlink("elsewhere.yaml", file("mapping.yaml"));
    expect((await seats("map", "--write")).code).to.equal(1);
    expect(await readFile(file("elsewhere.yaml"), "utf8")).to.contain("acme.test");
    expect((await lstat(file("mapping.yaml"))).isSymbolicLink()).to.equal(true);
    if (process.platform !== "win32") expect((await stat(file("elsewhere.yaml"))).mode & 0o777).to.equal(0o600);
  });

  it("lets one command at a time write in a folder, and takes over where one was killed", async () => {
    await seats("map", "--write");
    await mkdir(file(".lock"));
    const started = Date.now();
    const waited = await seats("push", "--create-services");
    expect(waited.code, waited.output).to.equal(0);
    expect(Date.now() - started, "as long as a lock counts that nobody renews").to.be.greaterThan(5000);
    const [one, other] = await Promise.all([seats("push"), seats("push")]);
    expect([one.code, other.code], one.output + other.output).to.deep.equal([0, 0]);
    expect(await readdir(folder)).to.not.include(".lock");
  });

  it("writes nothing after a read of Synthesize that failed or was not whole", async () => {
    await seats("map", "--write");
    for (const kind of [403, "truncated"] as const) {
      synthesize.setFaults([{ kind, method: "GET", path: "/accounts" }]);
      const { code, output } = await seats("push", "--create-services");
      expect(code, output).to.equal(1);
    }
    expect(synthesize.requests.filter(({ method }) => method !== "GET")).to.deep.equal([]);
    expect(await readdir(folder)).to.not.include("ledger.jsonl");
  });

  it("writes nothing after a read that failed or was not whole", async () => {
    await seats("map", "--write");
    for (const fault of [
      { kind: 403, path: "/billing/" },
      { kind: "truncated", path: "/billing/" },
      { kind: 403, path: "/orgs" },
    ] as const) {
      proofpoint.setFaults([fault]);
      const { code, output } = await seats("push", "--create-services");
      expect(code, output).to.equal(1);
      expect(output).to.not.match(/\n\s+at .*[:(]\d+/);
    }
    expect(synthesize.requests.filter(({ method }) => method === "POST")).to.deep.equal([]);
  });

  it("says which of its requirements a login does not meet", async () => {
    const weak = await createSimulator({
      seed: { logins: [{ ...login, type: "organization_admin", domain: "acme.test", read_only_user: true }], organisations },
      switches: { localLogin: "refused" },
    });
    await configure(
      { source: "csv", path: "none.csv", columns: { account: "a", service: "b", seats: "c" } },
      {
        partners: [{ apiUrl: weak.url, domain: "acme.test" }],
      },
    );
    const { code, output } = await seats("check");
    expect(code).to.equal(1);
    for (const subject of ["Role", "Rights", "Authentication", "Reach", "Usage", "Billing"])
      expect(output, subject).to.match(new RegExp(`^problem +${subject}`, "m"));
    await weak.close();
  });

  it("reconciles with an export of a billing system, in every format", async () => {
    await writeFile(file("contracts.csv"), "Company,Product,Qty\nACME Inc.,Professional,10\nBeta,Business Plus,7\n");
    await configure({ source: "csv", path: "contracts.csv", columns: { account: "Company", service: "Product", seats: "Qty" } });
    expect((await seats("map", "--write")).code).to.equal(0);
    expect(await readFile(file("mapping.yaml"), "utf8")).to.contain("account: ACME Inc.");
    const table = await seats("reconcile");
    expect(table.output).to.match(/^ACME Inc\. +Professional +10 +12 +\d* +2 +USD 9\.00 +reconcile/m);
    expect(table.output).to.match(/^Beta +Business \+ +7 +7 +\d* +0 +USD 0\.00 +no change/m);
    const csv = await seats("reconcile", "--format", "csv");
    expect(csv.output.split("\r\n")[0]).to.equal(
      "account,package,billed,used,bought,delta,amount,kind,effective,decision,organisations,accountId,service,currency,certainty",
    );
    expect(JSON.parse((await seats("reconcile", "--format", "json")).output)).to.have.property("currency", "USD");
    expect((await seats("reconcile", "--format", "markdown")).output).to.contain("| ACME Inc. | Professional | 10 | 12 |");

    const pushed = await seats("push");
    expect(pushed.code, pushed.output).to.equal(0);
    expect(pushed.output).to.contain("ACME Inc., Professional: 10 → 12\n").and.contain("has now 2 counts, 1 other than in contracts.csv.");
    expect(await readFile(file("counts.csv"), "utf8")).to.equal(
      "Company,Product,Qty\r\nACME Inc.,Professional,12\r\nBeta,Business Plus,7\r\n",
    );
    const ledger = await readFile(file("ledger.jsonl"), "utf8");
    expect((await seats("push")).output)
      .to.contain("Nothing has changed since the last push: ")
      .and.contain("counts.csv has 2 counts");
    expect(await readFile(file("ledger.jsonl"), "utf8")).to.equal(ledger);
    expect((await seats("history")).output).to.contain("1 counts sent so far; 1 are other than in contracts.csv.");
    for (const name of ["contracts.csv", "config.yaml"]) {
      const before = await readFile(file(name), "utf8");
      const columns = { account: "Company", service: "Product", seats: "Qty" };
      await configure({ source: "csv", path: "contracts.csv", counts: name, columns });
      expect((await seats("push")).output).to.contain(`${name}, which is read here. Name another file; nothing was written.`);
      if (name !== "config.yaml") expect(await readFile(file(name), "utf8")).to.equal(before);
      await configure({ source: "csv", path: "contracts.csv", columns });
    }
    // What the billing system has read in.
    await rename(file("counts.csv"), file("contracts.csv"));
    expect((await seats("push")).output).to.contain("has now 2 counts, 0 other than in contracts.csv.");
    for (const user of proofpoint.users("beta.test")) user.type = "functional_account";
    const stopped = await seats("push");
    expect([stopped.code, stopped.output.includes("Beta would fall from 7 to 0.")], stopped.output).to.deep.equal([1, true]);
    expect(await readFile(file("counts.csv"), "utf8")).to.contain("Beta,Business Plus,7");
  });

  it("names who is billed for a package and is mapped to nobody, and reconciles it to nothing", async () => {
    await writeFile(
      file("contracts.json"),
      JSON.stringify([
        { id: 1, company: "acme", product: "Professional", seats: "12" },
        { id: 2, company: "beta", product: "Business Plus", seats: 7 },
        { id: 3, company: "Gone Ltd", product: "Professional", seats: 4 },
        { id: 3, company: "Gone Ltd", product: "Printer paper", seats: 2.5 },
        { id: 1, company: "acme", product: "Advanced", seats: 30 },
      ]),
    );
    await configure({
      source: "json",
      path: "contracts.json",
      columns: { accountId: "id", account: "company", service: "product", seats: "seats" },
    });
    const mapped = await seats("map", "--write");
    expect(mapped.code, mapped.output).to.equal(0);
    expect(mapped.output)
      .to.contain("billed, and no organisation is mapped to it: Gone Ltd (3), Professional: 4")
      .and.contain("services that stand for no package, left out: Printer paper, Advanced")
      .and.contain("left out: 1 lines of Advanced, 30 seats, because no package is mapped to it.");
    expect((await seats("reconcile", "--format", "csv")).output).to.contain("left out: 1 lines of Advanced");
    const mapping = await readFile(file("mapping.yaml"), "utf8");
    await writeFile(file("mapping.yaml"), mapping.replace("services:", "services:\n  - { package: advanced, service: ADVANCED }"));
    expect((await seats("reconcile")).output).to.match(/^acme +Advanced +30 +0 +-30 /m);
    await writeFile(file("mapping.yaml"), mapping.replace("service: professional", "service: Printer Paper"));
    expect((await seats("reconcile")).output).to.match(/^ {2}entry 4 of \S+ has no whole number of seats, but "2\.5"$/m);
    await writeFile(file("mapping.yaml"), mapping);
    const stopped = await seats("push");
    expect(stopped.output).to.contain("Gone Ltd (3) would fall from 4 to 0.");
    const [, code = ""] = /--approve (\w+)/.exec(stopped.output) ?? [];
    expect((await seats("push", "--approve", code, "--reason", "left")).code).to.equal(0);
    expect((await seats("push")).code, "what was approved is not asked again").to.equal(0);
    expect(JSON.parse(await readFile(file("counts.json"), "utf8"))).to.deep.equal([
      { id: "3", company: "Gone Ltd", product: "Professional", seats: 0 },
      { id: "1", company: "acme", product: "Professional", seats: 12 },
      { id: "2", company: "beta", product: "Business Plus", seats: 7 },
    ]);
  });

  it("keeps what somebody made of a line, with who, when, why and until when, for these numbers only", async () => {
    await seats("map", "--write");
    await seats("push", "--create-services");
    proofpoint.users("acme.test")[0]!.type = "functional_account";
    expect((await seats("dismiss", "--account", "acme")).code, "no reason").to.equal(2);
    for (const [args, message, status = 1] of [
      [["--account", "nobody"], "No line is about nobody."],
      [["--account", "ACME", "--service", "Beginner"], "None of these lines is about Beginner."],
      [["--account", "beta"], "Nothing differs there"],
      [["--all", "--until", "2027-02-30"], '--until is "2027-02-30"; it is a day such as', 2],
      [["--all", "--until", "2020-01-01"], "that day is over", 2],
    ] as const) {
      const { code, output } = await seats("dismiss", ...args, "--reason", "r");
      expect([code, output.includes(message)], output).to.deep.equal([status, true]);
    }
    expect((await seats("approve", "--all", "--reason", "r", "--by", "")).code).to.equal(0);
    expect((await seats("reconcile")).code, "who is not empty").to.equal(0);
    const { code, output } = await seats(
      "dismiss",
      "--account",
      "acme",
      "--service",
      "professional",
      "--reason",
      "contract until March",
      "--by",
      "jane",
      "--until",
      "2999-03-31",
    );
    expect(code, output).to.equal(0);
    expect(await readFile(file("decisions.yaml"), "utf8"))
      .to.contain("reason: contract until March")
      .and.contain("used: 11");
    expect((await seats("reconcile")).output).to.contain("dismissed by jane until 2999-03-31: contract until March");
    proofpoint.users("acme.test")[1]!.type = "functional_account";
    expect((await seats("reconcile")).output).to.not.contain("dismissed");
    expect((await seats("approve", "--all", "--reason", "right", "--by", "jane", "--effective", "2027-03-15")).output).to.contain(
      "1 lines approved by jane: right",
    );
    expect((await seats("reconcile")).output).to.match(/acme .* 2027-03-15 +approved by jane: right/);
    expect((await seats("approve", "--all", "--reason", "right", "--until", "soon")).code).to.equal(2);
  });

  it("sends everything to another integration, and makes no account of a slip in the mapping", async () => {
    await seats("map", "--write");
    await seats("push", "--create-services");
    const mapping = await readFile(file("mapping.yaml"), "utf8");
    await writeFile(file("mapping.yaml"), mapping.replace(/account: 127\.0\.0\.1\/(\w+)/, "account: 127.0.0.1/$1x"));
    const slip = await seats("push");
    expect([slip.code, slip.output.includes("is not on the billing side")], slip.output).to.deep.equal([1, true]);
    expect(synthesize.accounts).to.have.length(2);
    await writeFile(file("mapping.yaml"), mapping);
    // The integration was removed there, and made anew.
    await synthesize.close();
    synthesize = await createSynthesize({
      seed: {
        ...keys,
        services: [
          { id: "s1", name: "Professional" },
          { id: "s2", name: "Business +" },
        ],
      },
      organizationId: "o2",
    });
    await toSynthesize();
    const anew = await seats("push");
    expect(anew.code, anew.output).to.equal(0);
    expect(Object.values(synthesize.counts())).to.have.members([12, 7]);
  });

  it("asks for a reason where counts stand that the ledger knows nothing of", async () => {
    await seats("map", "--write");
    await seats("push", "--create-services");
    await rm(file("ledger.jsonl"));
    const { code, output } = await seats("push");
    expect(code).to.equal(1);
    expect(output).to.contain("Counts stand there that this ledger knows nothing of");
  });

  it("leaves no count nobody knows of where an answer was cut off, an account was made again, or the vendor was connected anew", async () => {
    await seats("map", "--write");
    await seats("push", "--create-services");
    synthesize.setFaults([{ kind: "cut_after", path: "/count" }]);
    proofpoint.users("acme.test")[0]!.type = "functional_account";
    const cut = await seats("push");
    expect(cut.output).to.contain("gave no answer");
    expect(Object.values(synthesize.counts())).to.have.members([11, 7]);
    synthesize.setFaults([]);
    proofpoint.users("acme.test")[0]!.type = "end_user";
    expect((await seats("history")).output).to.contain("cut off: nobody knows whether it was taken");
    expect((await seats("push")).output).to.contain("1 counts sent");
    expect(Object.values(synthesize.counts())).to.have.members([12, 7]);

    await synthesize.close();
    const services = ["Professional", "Business +"].map((name, at) => ({ id: `s${at + 1}`, name }));
    // The same integration, and its accounts are gone.
    synthesize = await createSynthesize({ seed: { ...keys, services } });
    await toSynthesize();
    synthesize.setFaults([{ kind: 500, path: "/count" }]);
    expect((await seats("push")).output)
      .to.contain("2 accounts added.")
      .and.contain("answered 500");
    synthesize.setFaults([]);
    expect((await seats("push")).output).to.contain("2 counts sent");
    expect(Object.values(synthesize.counts())).to.have.members([12, 7]);
  });

  it("does not forget what stood there while the account was mapped to nothing", async () => {
    await synthesize.close();
    const services = ["Professional", "Business +"].map((name, at) => ({ id: `s${at + 1}`, name }));
    const accounts = ["acme", "beta"].map((name) => ({ id: name, name }));
    synthesize = await createSynthesize({ seed: { ...keys, services, accounts } });
    await toSynthesize();
    await seats("map", "--write");
    await seats("push");
    for (const user of proofpoint.users("beta.test")) user.type = "functional_account";
    synthesize.setMapped("beta", false);
    const [, code = ""] = /--approve (\w+)/.exec((await seats("push")).output) ?? [];
    const approve = ["--approve", code, "--reason", "beta left us"];
    const refused = await seats("push", ...approve);
    expect(
      [refused.code, refused.output.includes("not taken: beta, Business + is not mapped in Synthesize")],
      refused.output,
    ).to.deep.equal([1, true]);
    expect((await seats("check")).output).to.match(/^warning +Billing +mapped to nothing there, so that their counts are not taken: beta/m);
    synthesize.setMapped("beta", true);
    expect((await seats("push", ...approve)).code).to.equal(0);
    expect(synthesize.counts()).to.deep.equal({ "s1/acme": 12, "s2/beta": 0 });
  });

  it("takes the credentials out also where the keys are revoked and the mapping is broken, and says what was not done", async () => {
    await writeFile(file("mapping.yaml"), "accounts: [");
    await configure({
      source: "synthesize",
      url: synthesize.url,
      vendorKey: { environment: "VENDOR" },
      partnerKey: { environment: "PROOFPOINT_PASSWORD" },
    });
    const config = await readFile(file("config.yaml"), "utf8");
    await writeFile(
      file("config.yaml"),
      config.replace('"partners":[{', '"partners":[&one {').replace('}],"billing"', '},*one],"billing"'),
    );
    const { code, output } = await seats("disconnect", "--files", "keep");
    expect(code).to.equal(1);
    expect(output).to.contain("set the integration inactive in Synthesize, which could not be done (").and.contain("answered 401");
    expect((await seats("disconnect", "--files", "keep")).output).to.contain(
      "set the integration inactive in Synthesize, if nobody has yet",
    );
    expect(await readFile(file("config.yaml"), "utf8")).to.not.match(/vendorKey|partnerKey|credentials/);
  });

  it("disconnects: no reference to a credential is left, the integration is inactive, and files go or stay as told", async () => {
    await seats("map", "--write");
    await seats("push", "--create-services");
    expect((await seats("disconnect")).code).to.equal(2);
    const { code, output } = await seats("disconnect", "--files", "keep");
    expect(code, output).to.equal(0);
    expect(synthesize.status).to.equal("inactive");
    expect(await readFile(file("config.yaml"), "utf8")).to.not.match(/vendorKey|partnerKey|credentials/);
    expect(output).to.contain("What remains to be done:");
    expect((await seats("history")).output)
      .to.match(/, s1: 12$/m)
      .and.contain("inactive: what stood there may be gone");
    const requests = proofpoint.requests.length;
    for (const command of ["check", "reconcile", "push"])
      expect((await seats(command)).output, command).to.contain("This was disconnected on ");
    expect(proofpoint.requests.length).to.equal(requests);

    await fetch(`${proofpoint.url}/api/v1/orgs/beta.test/licensing`, {
      method: "PUT",
      headers: { "X-User": login.user, "X-Password": login.password, "Content-Type": "application/json" },
      body: JSON.stringify({ package: "professional" }),
    });
    await toSynthesize();
    const back = await seats("push");
    expect(back.output)
      .to.contain("The integration was inactive; it is pending until Synthesize has looked at the counts.")
      .and.contain("3 counts sent")
      .and.match(/^beta \(\S+\), Business \+: 0$/m);
    expect(Object.values(synthesize.counts()), "the old package is not forgotten").to.have.members([12, 7, 0]);
    expect(synthesize.requests.find(({ path }) => path.endsWith("/status/pending"))?.status).to.equal(200);
    await seats("disconnect", "--files", "keep");
    await seats("disconnect", "--files", "delete");
    expect((await readdir(folder)).sort()).to.deep.equal(["config.yaml"]);
  });

  it("says what is wrong with a configuration or an export, all at once", async () => {
    await writeFile(file("config.yaml"), "partners: []\nbilling: { source: csv }\n");
    const { code, output } = await seats("check");
    expect(code).to.equal(1);
    expect(output).to.contain("partners: must name a partner").and.contain("billing.path");
    await writeFile(file("contracts.csv"), "Company,Product\nAcme,Professional\n");
    await configure({ source: "csv", path: "contracts.csv", columns: { account: "Company", service: "Product", seats: "Qty" } });
    expect((await seats("map")).output).to.contain("it has no column Qty; it has Company, Product");
  });
});
