import { expect } from "chai";
import fc from "fast-check";
import { billingSchema, familySchema } from "../../provider/essentials/partner.ts";
import { CountError, toCounted, type Counted } from "../../seats/counted.ts";
import { addToMapping } from "../../seats/addToMapping.ts";
import { findDangling, findUnmapped, MappingError, parseMapping, type Mapping } from "../../seats/mapping.ts";
import { pricesSchema } from "../../seats/prices.ts";
import { normalName, propose, similarity } from "../../seats/propose.ts";
import { reconcile } from "../../seats/reconcile.ts";

const organisation = (overrides: Partial<Counted> = {}): Counted => ({
  eid: "1",
  name: "Acme",
  domain: "acme.test",
  package: "professional",
  used: 10,
  bought: 12,
  ...overrides,
});
const mapping = (overrides: Partial<Mapping> = {}): Mapping => ({
  accounts: [{ organisation: "acme.test", eid: "1", account: "a1", name: "Acme Inc" }],
  services: [{ package: "professional", service: "s1" }],
  excluded: [],
  ...overrides,
});
const side = { billed: [], accounts: [], services: [] };
const terms = { prices: pricesSchema.parse({ currency: "USD", perSeat: { professional: "4.50" } }), today: "2026-11-22" };

describe("Counting organisations", () => {
  const billing = [
    { eid: 7, name: "Beta", licensing_package: "Professional+", active_users: "12" },
    { eid: "8", name: "Partner", licensing_package: "business", active_users: 3 },
  ];
  const orgs = [
    { eid: "7", primary_domain: "Beta.test", type: "organization", is_active: "True", is_on_trial: "False", user_licenses: "20" },
    { eid: "8", primary_domain: "partner.test", type: "channel", is_active: 1, is_on_trial: 0 },
  ];
  const count = (b: unknown, o: unknown) => toCounted(billingSchema.parse(b), familySchema.parse({ orgs: o }));

  it("takes numbers and booleans in whatever form they come, and says who is not billed", () => {
    expect(count(billing, orgs)).to.deep.equal([
      { eid: "7", name: "Beta", domain: "beta.test", package: "professional_plus", used: 12, bought: 20 },
      { eid: "8", name: "Partner", domain: "partner.test", package: "business", used: 3, notBilled: "partner" },
    ]);
    const flags = (more: object) => count(billing.slice(0, 1), [{ ...orgs[0], ...more }])[0]?.notBilled;
    expect([
      flags({ is_on_trial: "Yes" }),
      flags({ is_active: false }),
      flags({ is_active: "TRUE" }),
      flags({ type: "Organization" }),
    ]).to.deep.equal(["trial", "inactive", undefined, undefined]);
    expect(() => flags({ is_on_trial: "perhaps" })).to.throw();
  });

  it("takes no list at all for a read that was not whole", () => {
    expect(() => toCounted([], [])).to.throw("Proofpoint lists no organisation at all, so none is counted.");
  });

  it("refuses two lists that do not agree, because one of them is not whole", () => {
    expect(() => count(billing.slice(1), orgs)).to.throw(CountError, "Beta.test (7) is in /orgs/…/orgs and not in /billing/…/orgs");
    expect(() => count(billing, orgs.slice(1))).to.throw(CountError, "Beta (7) is in /billing/…/orgs and not in /orgs/…/orgs");
    expect(() => count([...billing, billing[0]], orgs)).to.throw(CountError, "7 is in /billing/…/orgs twice");
    for (const wrong of [{ active_users: -1 }, { active_users: "many" }, { active_users: "" }, { active_users: null }])
      expect(billingSchema.safeParse([{ ...billing[0], ...wrong }]).success, JSON.stringify(wrong)).to.equal(false);
  });
});

describe("Proposals", () => {
  const accounts = [
    { id: "a1", name: "ACME, Inc." },
    { id: "a2", name: "Beta Holdings", domain: "beta.test" },
    { id: "a3", name: "Gamma Logistics" },
    { id: "a4", name: "Delta" },
    { id: "a5", name: "Delta GmbH" },
  ];
  const about = (overrides: Partial<Counted>, others: readonly Counted[] = []) =>
    propose([organisation(overrides), ...others], accounts, { counted: [organisation(overrides), ...others], taken: new Set() })[0]!;

  it("are exact by the same name, whatever its form, or the same domain", () => {
    expect(about({ name: "Acme Ltd" }).exact?.id).to.equal("a1");
    expect(about({ name: "Nobody", domain: "beta.test" }).exact?.id).to.equal("a2");
    expect(about({ name: "Beta Holdings", domain: "other.test" }).exact, "another domain speaks against the name").to.equal(undefined);
  });

  it("are near with their score, the likeliest first", () => {
    const { exact, near } = about({ name: "Gama Logistic" });
    expect(exact).to.equal(undefined);
    expect(near.map(({ account }) => account.id)).to.deep.equal(["a3"]);
    expect(near[0]?.score).to.be.within(0.6, 0.99);
    expect(about({ name: "Zeta" }).near).to.deep.equal([]);
  });

  it("are no coin toss: two accounts of one name, or two organisations of one, are left to a person", () => {
    expect(about({ name: "Delta" })).to.not.have.property("exact");
    expect(about({ name: "Delta" }).near.map(({ score }) => score)).to.deep.equal([1, 1]);
    expect(about({ name: "Acme" }, [organisation({ eid: "2", name: "ACME" })])).to.not.have.property("exact");
  });

  it("never give an account that is somebody's already, nor one to two", () => {
    const counted = [
      organisation({ name: "Acme Ltd" }),
      organisation({ eid: "2", name: "Zeta", domain: "beta.test" }),
      organisation({ eid: "3", name: "Beta Holdings" }),
    ];
    const proposals = propose(counted, accounts, { counted, taken: new Set(["a1"]) });
    expect(proposals.map(({ exact }) => exact)).to.deep.equal([undefined, undefined, undefined]);
    expect(proposals.map(({ near }) => near[0]?.account.id)).to.deep.equal(["a1", "a2", "a2"]);
  });

  it("compare names as people read them", () => {
    expect([normalName("Café & Co. KG"), normalName("ÅCME  Inc")]).to.deep.equal(["cafe", "acme"]);
    const same = ["Acme", "Acme G.m.b.H.", "Acme GmbH & Co. KG", "ACME S.A.R.L.", "Acme, Inc."];
    expect(new Set(same.map(normalName))).to.deep.equal(new Set(["acme"]));
    const others = ["Brø", "Brøco", "Co-op Foods", "Op Foods", "A.B. Plumbing", "Plumbing"];
    expect(new Set(others.map(normalName)).size).to.equal(others.length);
    expect([similarity("acme", "acme"), similarity("", ""), similarity("ab", "cd")]).to.deep.equal([1, 1, 0]);
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => similarity(a, b) === similarity(b, a)));
  });
});

describe("The mapping", () => {
  it("is written sorted, and read back as it was", () => {
    const all = mapping({
      accounts: [
        { organisation: "beta.test", eid: "2", account: "a2" },
        { organisation: "acme.test", eid: "1", account: "a1", name: "Acme" },
      ],
      excluded: [{ organisation: "own.test", eid: "9", reason: "our own" }],
    });
    const text = addToMapping("", all);
    expect(text.indexOf("acme.test")).to.be.lessThan(text.indexOf("beta.test"));
    expect(addToMapping(text, {})).to.equal(text);
    const { accounts, excluded } = parseMapping(text, "seats/mapping.yaml");
    expect([accounts.map(({ eid }) => eid), excluded]).to.deep.equal([["1", "2"], all.excluded]);
  });

  it("keeps what people wrote as they wrote it, comments too, where a command adds to it", () => {
    const written = `# ours
accounts:

  # bees pay by the hive
  - { organisation: bee.test, eid: us1/1, account: 00123 } # until May
services: []
`;
    const text = addToMapping(written, { accounts: [{ organisation: "ant.test", eid: "us1/2", account: "12e3" }] });
    expect(text).to.equal(`# ours
accounts:
  - organisation: ant.test
    eid: us1/2
    account: 12e3
  # bees pay by the hive
  - { organisation: bee.test, eid: us1/1, account: 00123 } # until May
services: []
excluded: []
`);
    expect(addToMapping(text, {})).to.equal(text);
    expect(parseMapping(text, "m").accounts.map(({ account }) => account)).to.deep.equal(["12e3", "00123"]);
  });

  it("is refused with everything that is wrong at once", () => {
    const refused = (content: string) => () => parseMapping(content, "seats/mapping.yaml");
    expect(refused("accounts: [")).to.throw(MappingError, "seats/mapping.yaml is not YAML");
    expect(refused("accounts:\n  - { organisation: a, eid: 1 }\nservice: []\n")).to.throw(
      MappingError,
      /accounts\.0\.account[\s\S]*service/,
    );
    const twice = "accounts:\n  - { organisation: a, eid: 1, account: x }\nexcluded:\n  - { organisation: a, eid: 1, reason: r }\n";
    expect(refused(twice)).to.throw(MappingError, "the organisation 1 stands there twice");
    for (const empty of ["", "accounts:\nservices: ~\nexcluded: null\n"]) expect(parseMapping(empty, "m").accounts).to.deep.equal([]);
    expect(refused("accounts:\n  - &a { organisation: a, eid: 1, account: x }\n  - { <<: *a, eid: 2 }\n")).to.throw(
      MappingError,
      "has the alias *a. Write it out",
    );
    expect(refused("just text")).to.throw(MappingError, "the file as a whole: ");
    expect(refused("excluded:\n  - { organisation: a, eid: 1, reason: '' }\n")).to.throw(
      MappingError,
      "excluded.0.reason: must not be empty",
    );
  });

  it("leaves nobody out silently: who is neither mapped nor excluded is unmapped", () => {
    const others = [organisation({ eid: "2", package: "business" }), organisation({ eid: "3", notBilled: "trial" })];
    const { organisations, packages } = findUnmapped([organisation(), ...others], mapping());
    expect([organisations.map(({ eid }) => eid), packages]).to.deep.equal([["2"], ["business"]]);
    const excluded = [{ organisation: "x", eid: "2", reason: "r" }];
    expect(findUnmapped([organisation(), ...others], mapping({ excluded }))).to.deep.equal({ organisations: [], packages: [] });
  });

  it("names entries about what is no longer there", () => {
    const dangling = findDangling(mapping(), [], { accounts: new Set(), services: new Set(), takesAccounts: false });
    expect(dangling).to.have.length(3);
    const moved = findDangling(mapping(), [organisation({ domain: "other.test" })], {
      accounts: new Set(["a1"]),
      services: new Set(["s1"]),
      takesAccounts: false,
    });
    expect(moved, "two lines whose eid somebody swapped").to.deep.equal([
      "1 stands there for acme.test, and is other.test now: correct the line.",
    ]);
    expect(
      findDangling(mapping(), [organisation()], { accounts: new Set(["a1"]), services: new Set(["s1"]), takesAccounts: false }),
    ).to.deep.equal([]);
  });
});

describe("Reconciling", () => {
  const kinds = (billed: number | undefined, used: number) => {
    const lines = billed === undefined ? [] : [{ account: "a1", service: "s1", seats: billed }];
    const { delta, amount, kind } = reconcile([organisation({ used })], mapping(), { ...side, billed: lines }, terms).lines[0]!;
    return [delta, amount, kind];
  };

  it("says of each line what is billed, used and bought, the delta, what it is worth, its kind and from when", () => {
    const { lines } = reconcile([organisation()], mapping(), { ...side, billed: [{ account: "a1", service: "s1", seats: 8 }] }, terms);
    expect(lines).to.deep.equal([
      {
        account: "a1",
        accountName: "Acme Inc",
        service: "s1",
        package: "Professional",
        organisations: ["acme.test"],
        billed: 8,
        used: 10,
        bought: 12,
        delta: 2,
        amount: 900,
        kind: "reconcile",
        effective: "2026-12-01",
      },
    ]);
    expect([kinds(undefined, 3), kinds(0, 3), kinds(5, 3), kinds(3, 3)]).to.deep.equal([
      [3, 1350, "new revenue"],
      [3, 1350, "new revenue"],
      [-2, -900, "reconcile"],
      [0, 0, "no change"],
    ]);
  });

  it("calls a customer what the billing side calls it, or else what the first of its organisations with a name is", () => {
    const counted = [organisation({ eid: "1", domain: "acme.test" }), organisation({ eid: "2", domain: "acme-uk.test" })];
    const mapping = {
      accounts: [
        { organisation: "acme-uk.test", eid: "2", account: "a7" },
        { organisation: "acme.test", eid: "1", account: "a7", name: "Acme" },
      ],
      services: [{ package: "professional", service: "s1" }],
      excluded: [],
    };
    const nameOf = (accounts: readonly { id: string; name: string }[]) =>
      reconcile(counted, mapping, { billed: [], accounts, services: [] }, { prices: undefined, today: "2026-11-22" }).lines[0]?.accountName;
    expect([nameOf([]), nameOf([{ id: "a7", name: "Acme Ltd" }])]).to.deep.equal(["Acme", "Acme Ltd"]);
  });

  it("shows what is billed for nothing: a customer who left, a package somebody changed", () => {
    const billed = [
      { account: "a1", service: "s-old", seats: 4 },
      { account: "a9", service: "s1", seats: 2 },
    ];
    const accounts = [{ id: "a9", name: "Gone Ltd" }];
    const services = [{ id: "s-old", name: "Business +" }];
    const prices = pricesSchema.parse({ currency: "USD", perSeat: { business_plus: "2.75" } });
    const { lines } = reconcile([organisation()], mapping(), { billed, accounts, services }, { ...terms, prices });
    expect(lines.map((line) => [line.accountName, line.package, line.used, line.billed, line.delta, line.amount])).to.deep.equal([
      ["Acme Inc", "Business +", 0, 4, -4, -1100],
      ["Acme Inc", "Professional", 10, undefined, 10, undefined],
      ["Gone Ltd", "Professional", 0, 2, -2, undefined],
    ]);
  });

  it("names who is excluded, with the cause", () => {
    const counted = [
      organisation(),
      organisation({ eid: "2", domain: "t.test", notBilled: "trial" }),
      organisation({ eid: "3", domain: "own.test" }),
    ];
    const excluded = [{ organisation: "own.test", eid: "3", reason: "our own" }];
    expect(reconcile(counted, mapping({ excluded }), side, terms).excluded).to.deep.equal([
      { organisation: "t.test", seats: 10, cause: "trial" },
      { organisation: "own.test", seats: 10, cause: "our own" },
    ]);
  });

  it("never calls unchanged what nobody knows", () => {
    const billed = [{ account: "a1", service: "s1", seats: 10, isUnsure: true as const }];
    const [only] = reconcile([organisation()], mapping(), { ...side, billed }, terms).lines;
    expect(only).to.include({ billed: 10, used: 10, kind: "reconcile", isUnsure: true });
  });

  it("invents no money", () => {
    expect(reconcile([organisation()], mapping(), side, { ...terms, prices: undefined }).lines[0]).to.not.have.property("amount");
  });

  it("loses no seat, for every mapping: lines, excluded and unmapped add up to all", () => {
    const counted = fc.array(
      fc.record({
        eid: fc.constantFrom("1", "2", "3", "4", "5", "6"),
        package: fc.constantFrom("professional", "business"),
        used: fc.nat(500),
        notBilled: fc.constantFrom(undefined, "trial" as const, "partner" as const),
      }),
    );
    const accounts = fc.uniqueArray(fc.record({ eid: fc.constantFrom("1", "2", "3", "4"), account: fc.constantFrom("a1", "a2") }), {
      selector: ({ eid }) => eid,
    });
    fc.assert(
      fc.property(counted, accounts, fc.boolean(), (list, mapped, both) => {
        const unique = [...new Map(list.map((each) => [each.eid, each])).values()];
        const organisations = unique.map(({ notBilled, ...each }) => organisation({ ...each, ...(notBilled && { notBilled }) }));
        const services = [{ package: "professional", service: "s1" }, ...(both ? [{ package: "business", service: "s2" }] : [])];
        const map = mapping({ accounts: mapped.map((each) => ({ organisation: each.eid, ...each })), services });
        const { lines, excluded, unmapped } = reconcile(organisations, map, side, terms);
        const inLines = lines.reduce((seats, { used }) => seats + used, 0);
        const left = excluded.reduce((seats, each) => seats + each.seats, 0);
        const open = new Set(unmapped.organisations.map(({ eid }) => eid));
        const queued = organisations
          .filter((each) => each.notBilled === undefined && (open.has(each.eid) || unmapped.packages.includes(each.package)))
          .reduce((seats, { used }) => seats + used, 0);
        expect(inLines + left + queued).to.equal(organisations.reduce((seats, { used }) => seats + used, 0));
      }),
    );
  });
});
