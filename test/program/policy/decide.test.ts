import { expect } from "chai";
import fc from "fast-check";
import { adminTypes, isManagedType, managedTypes, type AccountType, type User } from "../../../provider/essentials/schema.ts";
import { evidences } from "../../../program/hr/status.ts";
import type { Person } from "../../../program/hr/person.ts";
import { decide } from "../../../program/policy/decide.ts";
import { isChange } from "../../../program/policy/decision.ts";
import { match } from "../../../program/policy/match.ts";
import { decideAbout, person, policy, user } from "../../support/builders.ts";

describe("decide", () => {
  it("keeps an end user HR calls active", () => {
    expect(decideAbout(user(), [person()])).to.deep.equal({
      email: "jane@acme.test",
      have: "end_user",
      want: "end_user",
      rule: "active",
      reason: 'is active in HR (status "Active")',
    });
  });

  it("converts a leaver, with HR's own word as the reason", () => {
    expect(decideAbout(user(), [person({ evidence: "terminated", status: "Retired" })])).to.deep.equal({
      email: "jane@acme.test",
      have: "end_user",
      want: "functional_account",
      rule: "terminated",
      reason: 'is terminated in HR (status "Retired")',
    });
  });

  it("converts a user HR does not know", () => {
    expect(decideAbout(user())).to.include({ want: "functional_account", rule: "missing" });
  });

  it("keeps the type of a user HR does not know when the policy says hold", () => {
    expect(decideAbout(user(), [], { missing: "hold" })).to.include({ want: "end_user", rule: "missing" });
  });

  it("gives somebody who came back a licence again", () => {
    expect(decideAbout(user({ type: "functional_account" }), [person()])).to.include({ want: "end_user", rule: "active" });
  });

  it("leaves a functional account HR does not know: a shared mailbox", () => {
    expect(decideAbout(user({ type: "functional_account" }))).to.include({ want: "functional_account", rule: "missing" });
  });

  it("keeps people on leave as end users", () => {
    expect(decideAbout(user(), [person({ evidence: "leave" })])).to.include({ want: "end_user", rule: "leave" });
  });

  it("holds people who have not started yet, whatever they are", () => {
    for (const type of ["end_user", "functional_account"] as const) {
      expect(decideAbout(user({ type }), [person({ evidence: "pending" })])).to.include({ want: type, rule: "pending" });
    }
  });

  it("holds a user whose status word is not known, and quotes the word", () => {
    const decision = decideAbout(user(), [person({ evidence: "unknown", status: "Furlough" })]);
    expect(decision).to.include({ want: "end_user", rule: "unknown" });
    expect(decision.reason).to.contain('"Furlough"');
  });

  it("holds silent users, even leavers", () => {
    expect(decideAbout(user({ type: "silent_user" }), [person({ evidence: "terminated" })])).to.include({
      want: "silent_user",
      rule: "silent",
    });
  });

  for (const type of adminTypes) {
    it(`never touches a ${type}, even a leaver`, () => {
      expect(decideAbout(user({ type }), [person({ evidence: "terminated" })])).to.include({ want: type, rule: "unmanaged" });
    });
  }

  it("holds a protected address, by whatever case and alias", () => {
    const protect = { emails: ["CEO@acme.test"] };
    expect(decideAbout(user({ email: "ceo@Acme.test" }), [], { protect })).to.include({ want: "end_user", rule: "protected" });
    expect(decideAbout(user({ aliases: ["ceo@acme.test"] }), [], { protect })).to.include({ want: "end_user", rule: "protected" });
  });

  it("holds what a protected pattern matches, and nothing else", () => {
    const protect = { patterns: ["svc-*@acme.test", "*@board.acme.test"] };
    const rule = (email: string) => decideAbout(user({ email }), [], { protect }).rule;
    expect(rule("svc-backup@acme.test")).to.equal("protected");
    expect(rule("chair@board.acme.test")).to.equal("protected");
    expect(rule("my-svc-backup@acme.test")).to.equal("missing");
    expect(rule("svc-backup@acme.testing")).to.equal("missing");
  });

  it("takes the dots of a pattern for dots", () => {
    expect(decideAbout(user({ email: "aXb@acme.test" }), [], { protect: { patterns: ["a.b@*"] } }).rule).to.equal("missing");
  });

  it("puts no control characters or long words of HR into a reason", () => {
    const { reason } = decideAbout(user(), [person({ evidence: "unknown", status: `\u001b[31mred\u202e${"x".repeat(100)}` })]);
    expect(reason).to.not.match(/[\p{Cc}\p{Cf}]/u);
    expect(reason.length).to.be.lessThan(120);
  });
});

/** Any small organisation and any feed over the same handful of addresses. */
const address = fc.constantFrom(...["a", "b", "c", "d", "e", "f"].map((name) => `${name}@acme.test`));
const anyUsers: fc.Arbitrary<User[]> = fc.uniqueArray(
  fc.record({
    email: address,
    type: fc.constantFrom<AccountType>(...managedTypes, ...adminTypes),
    aliases: fc.array(address, { maxLength: 2 }),
  }),
  { selector: ({ email }) => email },
);
const anyPeople: fc.Arbitrary<Person[]> = fc.uniqueArray(
  fc.record({ email: address, evidence: fc.constantFrom(...evidences), status: fc.constantFrom("x", "y") }),
  {
    selector: ({ email }) => email,
  },
);

describe("decide, for any organisation and any feed", () => {
  const decideAll = (users: readonly User[], people: readonly Person[]) => decide(match(users, people).matched, policy());

  it("makes exactly one decision for every live user", () => {
    fc.assert(
      fc.property(anyUsers, anyPeople, (users, people) => {
        expect(decideAll(users, people).map(({ email }) => email)).to.have.members(users.map(({ email }) => email));
      }),
    );
  });

  it("does not care about the order of users or rows", () => {
    fc.assert(
      fc.property(anyUsers, anyPeople, (users, people) => {
        expect(decideAll(users.toReversed(), people.toReversed())).to.deep.equal(decideAll(users, people));
      }),
    );
  });

  it("changes nothing more once its decisions are applied", () => {
    fc.assert(
      fc.property(anyUsers, anyPeople, (users, people) => {
        const wanted = new Map(decideAll(users, people).map(({ email, want }) => [email, want]));
        const applied = users.map((each) => ({ ...each, type: wanted.get(each.email) ?? each.type }));
        expect(decideAll(applied, people).filter(isChange)).to.deep.equal([]);
      }),
    );
  });

  it("never converts anybody HR calls active under one of the account's addresses", () => {
    fc.assert(
      fc.property(anyUsers, anyPeople, (users, people) => {
        const active = new Set(people.filter(({ evidence }) => evidence === "active").map(({ email }) => email));
        for (const { email, want, have } of decideAll(users, people)) {
          const { aliases } = users.find((each) => each.email === email)!;
          if ([email, ...aliases].some((each) => active.has(each)) && have !== "functional_account")
            expect(want).to.not.equal("functional_account");
        }
      }),
    );
  });

  it("never changes an administrator", () => {
    fc.assert(
      fc.property(anyUsers, anyPeople, (users, people) => {
        expect(decideAll(users, people).filter((each) => isChange(each) && !isManagedType(each.have))).to.deep.equal([]);
      }),
    );
  });
});
