import { expect } from "chai";
import { match, refuseStrangers } from "../../../program/policy/match.ts";
import { findUnusedNames } from "../../../program/policy/named.ts";
import { matchAll, person, user } from "../../support/builders.ts";

describe("match", () => {
  it("finds a person by primary address without case", () => {
    const { matched } = matchAll([user({ email: "Jane.Doe@Acme.test" })], [person({ emails: ["jane.doe@acme.test"] })]);
    expect(matched[0]?.person?.emails).to.deep.equal(["jane.doe@acme.test"]);
  });

  it("finds a person by alias", () => {
    const { matched } = matchAll([user({ aliases: ["J.Doe@acme.test"] })], [person({ emails: ["j.doe@acme.test"] })]);
    expect(matched[0]?.person?.emails).to.deep.equal(["j.doe@acme.test"]);
  });

  it("takes the safest of two people who share an account, and says so", () => {
    const people = [person({ evidence: "terminated" }), person({ emails: ["j.doe@acme.test"], evidence: "leave" })];
    const { matched, problems } = matchAll([user({ aliases: ["j.doe@acme.test"] })], people);
    expect(matched[0]?.person?.evidence).to.equal("leave");
    expect(problems).to.deep.equal([
      "jane@acme.test belongs to 2 people in HR (j.doe@acme.test: leave, jane@acme.test: terminated): taken as leave, the safest of them.",
    ]);
  });

  it("sees when two accounts share an address", () => {
    const { matched } = matchAll([user(), user({ email: "john@acme.test", aliases: ["JANE@acme.test"] })], []);
    expect(matched.map(({ sharedAddress }) => sharedAddress)).to.deep.equal([
      { address: "jane@acme.test", other: "john@acme.test" },
      { address: "jane@acme.test", other: "jane@acme.test" },
    ]);
  });

  it("counts people without an account", () => {
    expect(matchAll([user()], [person(), person({ emails: ["new@acme.test"] })]).withoutAccount.map(({ emails }) => emails)).to.deep.equal([
      ["new@acme.test"],
    ]);
  });

  it("takes an account that repeats its own address for one account", () => {
    expect(matchAll([user({ aliases: ["JANE@acme.test"] })], [person()]).matched[0]).to.not.have.property("sharedAddress");
  });

  it("refuses a feed in which nobody has an account here, at any size", () => {
    const people = [person({ emails: ["x@other.test"] })];
    expect(() => refuseStrangers(matchAll([user()], people), people)).to.throw("None of the 1 people in the HR feed has an account");
    expect(() => refuseStrangers(matchAll([user()], [person(), ...people]), [person(), ...people])).to.not.throw();
  });

  it("holds an address HR gives to two people, and takes none of them for it", () => {
    const people = [person({ evidence: "terminated" }), person({ evidence: "active", emails: ["jane@acme.test", "j@acme.test"] })];
    const { matched } = matchAll([user()], people);
    expect(matched[0]).to.include({ twoPeople: "jane@acme.test" });
    expect(matched[0]?.person?.evidence).to.equal("active");
  });

  it("finds people by addresses of secondary domains, with a plus, and beyond ASCII", () => {
    for (const email of ["jane@acme.example", "jane+news@acme.test", "jörg@müller.example"]) {
      const { matched } = matchAll(
        [user({ email: email.toUpperCase() })],
        [person({ emails: [email.replace("müller", "xn--mller-kva")] })],
      );
      expect(matched[0]?.person, email).to.exist;
    }
  });

  it("never matches by an address outside the organisation's domains, and says that it could have", () => {
    const own = user({ aliases: ["jane@gmail.example"] });
    const people = [person({ emails: ["jane@gmail.example"], evidence: "terminated" })];
    const { matched, withoutAccount } = matchAll([own], people);
    expect(matched[0]).to.include({ personalAddress: "jane@gmail.example" }).and.not.have.property("person");
    expect(withoutAccount).to.have.length(1);
    const known = match({ users: [own], people, refused: [], domains: ["Gmail.example"] });
    expect(known.matched[0]?.person).to.equal(people[0]);
  });

  it("keeps a personal address in sight where another address matches", () => {
    const own = user({ aliases: ["jane@gmail.example"] });
    const people = [person({ evidence: "terminated" }), person({ emails: ["jane@gmail.example"] })];
    expect(matchAll([own], people).matched[0]).to.include({ personalAddress: "jane@gmail.example" });
    const one = [person({ emails: ["jane@acme.test", "jane@gmail.example"] })];
    expect(matchAll([own], one).matched[0]).to.not.have.property("personalAddress");
  });

  it("sees a slip in an address no account has, for an account HR does not know", () => {
    const slips = ["cfojane@acme.test", "jane+hr@acme.test", "jane@acme.tset"];
    for (const slip of slips) expect(matchAll([user()], [person({ emails: [slip] })]).matched[0]).to.include({ similarAddress: slip });
    expect(matchAll([user()], [person({ emails: [...slips, "jane@acme.test"] })]).matched[0]).to.not.have.property("similarAddress");
    expect(matchAll([user({ email: "an@acme.test" })], [person({ emails: ["joan@acme.test"] })]).matched[0]).to.not.have.property(
      "similarAddress",
    );
  });

  it("takes a refused row for nobody's where its cell names a mailbox besides, or could be two words", () => {
    const users = ["annamaria", "maria", "maryann", "ann"].map((name) => user({ email: `${name}@acme.test` }));
    const info = user({ email: "info@acme.test", type: "functional_account" });
    const about = (cell: string) => match({ users: [...users, info], people: [], refused: [{ where: "line 3", cell }], domains: [] });
    expect(about("anna maria@acme.test; info@acme.test").unclaimed).to.have.length(1);
    expect(about("jane.doe@acme,test cc info@acme.test").unclaimed).to.have.length(1);
    const two = about("mary ann@acme.test");
    expect(two.unclaimed).to.deep.equal([]);
    expect(two.matched.flatMap(({ user: each, refusedRow }) => (refusedRow ? [each.email] : []))).to.deep.equal([
      "maryann@acme.test",
      "ann@acme.test",
    ]);
  });

  it("takes the domain of a single guest for no domain of the organisation", () => {
    const guest = user({ email: "guest@gmail.example" });
    const own = user({ aliases: ["john@gmail.example"] });
    const people = [person({ emails: ["john@gmail.example"], evidence: "terminated" }), person({ emails: ["guest@gmail.example"] })];
    const { matched } = matchAll([guest, own], people);
    expect(matched[0]?.person).to.equal(people[1]);
    expect(matched[1]).to.include({ personalAddress: "john@gmail.example" }).and.not.have.property("person");
  });

  it("keeps a refused row anybody's where HR knows the account in it by another row", () => {
    const refused = [{ where: "line 3", cell: "mgr john@acme.test" }];
    const users = [user(), user({ email: "john@acme.test" })];
    const { matched, unclaimed } = match({ users, people: [person({ emails: ["john@acme.test"] })], refused, domains: [] });
    expect(unclaimed).to.deep.equal(refused);
    expect(matched[1]?.refusedRow).to.equal(refused[0]);
  });

  it("finds the accounts a refused cell may mean, and keeps the rows that may mean anybody", () => {
    const refused = [
      { where: "line 3", cell: "vp, investor relationsjane@acme.test" },
      { where: "line 4", cell: "john doe" },
    ];
    const { matched, unclaimed } = match({ users: [user(), user({ email: "john@acme.test" })], people: [], refused, domains: [] });
    expect(matched.map(({ refusedRow }) => refusedRow?.where)).to.deep.equal(["line 3", undefined]);
    expect(unclaimed).to.deep.equal([refused[1]]);
  });

  it("reports entries that protect nobody", () => {
    const protect = { emails: ["JANE@acme.test", "jnae@acme.test"], patterns: ["*@acme.test", "svc-*@acme.test"] };
    expect(findUnusedNames("proofpoint:policy.protect", protect, [user()])).to.deep.equal([
      "proofpoint:policy.protect names jnae@acme.test, and no account has such an address.",
      "proofpoint:policy.protect names svc-*@acme.test, and no account has such an address.",
    ]);
  });
});
