import { expect } from "chai";
import fc from "fast-check";
import { findError, renderTable, toFigures, type Outcome } from "../../fleet/outcome.ts";
import { runAll } from "../../fleet/runAll.ts";
import { select } from "../../fleet/select.ts";
import { FleetError, parseFleet, type Member } from "../../fleet/settings.ts";
import { isUpToDate, stackFile } from "../../fleet/stackFile.ts";

const fleet = (organisations: string, base = "") => `
partners:
  us1: { apiUrl: https://us1.proofpointessentials.com, domain: msp.com }
  eu1: { apiUrl: https://eu1.proofpointessentials.com, domain: msp.com }
base:
  hr: { source: csv, path: hr.csv }
  policy: { graceDays: 7, leave: hold }
${base}
organisations:
${organisations}`;
const members = (count: number, host = "us1") =>
  Array.from({ length: count }, (_, at) => ({ stack: `org${at}`, domain: `org${at}.com`, host }) as unknown as Member);

describe("A fleet", () => {
  it("gives each organisation the base with what is different there, and a report of its own", () => {
    const { members: all } = parseFleet(
      fleet(`  - { stack: acme, domain: acme.com, partner: us1 }
  - { stack: beta, domain: Beta.com, partner: eu1, config: { policy: { leave: end_user }, hr: { path: hr/beta.csv } } }`),
      "fleet.yaml",
    );
    expect(all.map(({ stack, domain, host }) => [stack, domain, host])).to.deep.equal([
      ["acme", "acme.com", "us1.proofpointessentials.com"],
      ["beta", "beta.com", "eu1.proofpointessentials.com"],
    ]);
    expect(all[1]?.config).to.deep.include({
      policy: { graceDays: 7, leave: "end_user" },
      hr: { source: "csv", path: "hr/beta.csv" },
      report: "out/fleet/beta",
      credentials: { source: "environment" },
    });
    expect(all[0]?.settings.policy).to.include({ graceDays: 7, leave: "hold" });
  });

  it("keeps what nobody speaks of: limits and exemptions of the base, at any depth", () => {
    const own = `config: { limits: { toFunctional: { count: 3 } }, policy: { protect: { emails: [jane@acme.com] } } }`;
    const shared = `  limits: { toFunctional: { count: 10, percent: 5 } }`;
    const content = fleet(`  - { stack: acme, domain: acme.com, partner: us1, ${own} }`, shared).replace(
      "leave: hold }",
      "leave: hold, protect: { emails: [ceo@acme.com], patterns: ['vip*'] } }",
    );
    const [acme] = parseFleet(content, "fleet.yaml").members;
    expect(acme?.config["limits"]).to.deep.equal({ toFunctional: { count: 3, percent: 5 } });
    expect(acme?.config["policy"]).to.deep.equal({
      graceDays: 7,
      leave: "hold",
      protect: { emails: ["jane@acme.com"], patterns: ["vip*"] },
    });
  });

  it("takes anchors and merge keys, and empty keys for nothing", () => {
    const anchored = `partners:
  us1: { apiUrl: https://us1.proofpointessentials.com, domain: msp.com }
base:
organisations:
  - { stack: acme, domain: acme.com, partner: us1, config: &usual { hr: { source: csv, path: hr.csv } } }
  - { stack: beta, domain: beta.com, partner: us1, config: { <<: *usual, policy: { graceDays: 3 } } }
`;
    const [acme, beta] = parseFleet(anchored, "fleet.yaml").members;
    expect(beta?.config).to.deep.include({ hr: { source: "csv", path: "hr.csv" }, policy: { graceDays: 3 } });
    expect(acme?.hash)
      .to.match(/^[0-9a-f]{16}$/)
      .and.not.equal(beta?.hash);
  });

  it("is refused as a whole, with everything that is wrong in any organisation", () => {
    const content = fleet(`  - { stack: acme, domain: acme.com, partner: us1, config: { polcy: {} } }
  - { stack: acme, domain: acme.com, partner: us9 }
  - { stack: beta, domain: beta.com, partner: us1, config: { policy: { leave: maybe } } }`);
    expect(() => parseFleet(content, "fleet.yaml")).to.throw(FleetError, /Nothing was run/);
    try {
      parseFleet(content, "fleet.yaml");
    } catch (error) {
      for (const part of [
        "the stack acme stands there twice",
        "the domain acme.com",
        "there is no partner us9",
        "acme: proofpoint:polcy",
        "beta: proofpoint:policy.leave",
      ])
        expect((error as Error).message, part).to.contain(part);
    }
    const mixed = fleet("  - { stack: acme, domain: acme.com, partner: us1, config: { domain: beta.com } }");
    expect(() => parseFleet(mixed, "fleet.yaml")).to.throw(FleetError, "those follow from partner and organisation");
    expect(() => parseFleet(fleet("  - { stack: acme, domain: acme.com, partner: constructor }"), "f")).to.throw(
      FleetError,
      "there is no partner constructor",
    );
    for (const [written, message] of [
      ["0100", 'f has the number 0100. Write "0100", in quotes'],
      ["M\uFFFDller", "f is not UTF-8."],
    ] as const) {
      const codes = `  - { stack: acme, domain: acme.com, partner: us1, config: { policy: { scope: { companyCodes: [${written}] } } } }`;
      expect(() => parseFleet(fleet(codes), "f")).to.throw(FleetError, message);
    }
    expect(() => parseFleet("partners: [", "fleet.yaml")).to.throw(FleetError);
    expect(() => parseFleet(fleet("  - { stack: acme, domain: acme.com, partner: us1, config: 7 }"), "f")).to.throw(
      FleetError,
      "organisations.0.config: must be a map of settings",
    );
    expect(() => parseFleet("partners: {}\norganisations: []\n", "fleet.yaml")).to.throw(FleetError, "must name an organisation");
  });

  it("writes stack files of its own, and keeps what others need in them", () => {
    const [acme] = parseFleet(fleet("  - { stack: acme, domain: acme.com, partner: us1 }"), "fleet.yaml").members;
    const first = stackFile(acme!, "encryptionsalt: v1:abc\n");
    expect(first).to.contain("encryptionsalt: v1:abc").and.contain("proofpoint:domain: acme.com");
    const more = `${first}  proofpoint:approval: { by: jane }\n  proofpoint:apiPassword: { secure: xyz }\n  proofpoint:waves: [5]\n`;
    const second = stackFile(acme!, more);
    expect(second).to.contain("by: jane").and.contain("secure: xyz").and.not.contain("waves");
    expect(stackFile(acme!, second)).to.equal(second);
    // As Pulumi leaves it after somebody set a key.
    const rewritten = second.replace("concurrency: 8", 'concurrency: "8"').replace(/by: jane/, "by: john");
    expect([isUpToDate(acme!, second), isUpToDate(acme!, rewritten), isUpToDate(acme!, ""), isUpToDate(acme!, more)]).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    expect(isUpToDate(acme!, second.replace("concurrency: 8", "concurrency: 9"))).to.equal(false);
    const dated = { ...acme!, config: { price: { prepaidUntil: "2027-03-31" }, hr: { on: "yes" } } };
    expect(stackFile(dated, ""), "Pulumi reads YAML 1.1")
      .to.match(/: "2027-03-31"\n/)
      .and.match(/"on": "yes"\n/);
    expect(() => stackFile(acme!, "config:\n  proofpoint:domain: acme.com\n")).to.throw(FleetError, "was not written by the fleet");
  });

  it("is split over machines so that every organisation is in exactly one part", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 9 }), (count, of) => {
        const all = members(count);
        const parts = Array.from({ length: of }, (_, at) => select(all, { only: [], shard: `${at + 1}/${of}` }));
        expect(parts.flat().map(({ stack }) => stack)).to.have.members(all.map(({ stack }) => stack));
        for (const part of parts) expect(part.length).to.be.within(Math.floor(count / of), Math.ceil(count / of));
      }),
    );
    for (const shard of ["0/2", "3/2", "2", "a/b", "1/99999999999"])
      expect(() => select(members(3), { only: [], shard }), shard).to.throw(FleetError);
    expect(() => select(members(3), { only: ["nobody"], shard: undefined })).to.throw(FleetError, "no stack nobody");
    expect(select(members(3), { only: ["org1"], shard: undefined })).to.have.length(1);
  });

  it("runs so many at once, and so many on one host; one that fails stops no other", async () => {
    const mixed = [...members(6, "us1"), ...members(6, "eu1")];
    const now = { all: 0, us1: 0, most: 0, mostUs1: 0 };
    const told: string[] = [];
    const outcomes = await runAll(
      mixed,
      { atOnce: 4, perHost: 3 },
      async ({ stack, host }) => {
        now.all += 1;
        if (host === "us1") now.us1 += 1;
        now.most = Math.max(now.most, now.all);
        now.mostUs1 = Math.max(now.mostUs1, now.us1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now.all -= 1;
        if (host === "us1") now.us1 -= 1;
        if (stack === "org2") throw new Error("its disk is full");
        return { stack, code: 0, seconds: 0, config: "c" };
      },
      ({ stack }) => void told.push(stack),
    );
    expect([now.most, now.mostUs1 <= 3]).to.deep.equal([4, true]);
    expect(outcomes.filter(({ code }) => code !== 0).map(({ stack }) => stack)).to.deep.equal(["org2", "org2"]);
    expect(told).to.have.length(12);
  });

  it("ends with one table, those that failed first, and the sums", () => {
    const figures = toFigures({ summary: { toFunctional: 3, toEndUser: 1, problems: 2 }, violations: [], seats: { used: 50, after: 48 } });
    const outcomes: Outcome[] = [
      { stack: "acme", code: 0, seconds: 2.25, config: "c", figures },
      { stack: "beta", code: 255, seconds: 1, config: "c", why: "Could not read the HR feed" },
      { stack: "late", seconds: 0, config: "c" },
    ];
    const [heading, first, second, third, , why, , total] = renderTable(outcomes).split("\n");
    expect(heading).to.match(/^stack +to functional +to end user +seats +after/);
    expect(first).to.match(/^beta +failed \(255\) +1\.0$/);
    expect(second).to.match(/^late +not run +0\.0$/);
    expect(why).to.equal("beta: Could not read the HR feed");
    expect(third).to.match(/^acme +3 +1 +50 +48 +2 +0 +ok +2\.\d$/);
    expect(total).to.equal("3 organisations: 3 to functional_account, 1 to end_user, 50 seats, 48 after; 1 failed, 1 not run.");
    expect(findError("  +  pulumi:pulumi:Stack error: No.\n 1 error\n")).to.equal("No.");
    expect(findError("ok       Login  fine\nproblem  Role    It is weak\n")).to.equal("Role    It is weak");
    expect(findError("error: The configuration has a problem; nothing was changed.\n      proofpoint:hr is not set.\n")).to.equal(
      "The configuration has a problem; nothing was changed. proofpoint:hr is not set.",
    );
    expect(findError("1 errored")).to.equal(undefined);
  });
});
