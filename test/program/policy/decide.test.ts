import { expect } from "chai";
import { adminTypes } from "../../../provider/essentials/schema.ts";
import { decide } from "../../../program/policy/decide.ts";
import { neutralReason } from "../../../program/policy/decision.ts";
import type { Exception } from "../../../program/policy/exceptions.ts";
import { circumstances, decideAbout, matchAll, person, user } from "../../support/builders.ts";

describe("decide", () => {
  it("keeps an end user HR calls active", () => {
    expect(decideAbout(user(), [person()])).to.deep.equal({
      email: "jane@acme.test",
      have: "end_user",
      want: "end_user",
      rule: "active",
      reason: 'is active in HR (status "Active")',
      held: false,
    });
  });

  it("converts a leaver, with HR's own word as the reason", () => {
    const leaver = {
      evidence: "terminated",
      status: "Retired",
      effective: "2026-10-31",
      terminated: "2026-10-31",
      lastDay: "2026-10-31",
    } as const;
    expect(decideAbout(user(), [person(leaver)])).to.deep.equal({
      email: "jane@acme.test",
      have: "end_user",
      want: "functional_account",
      rule: "terminated",
      reason: 'was terminated in HR on 2026-10-31 (status "Retired")',
      held: false,
      effective: "2026-10-31",
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

  it("counts days of grace from the last day on, and ends them in words", () => {
    const left = (lastDay: string) => [person({ evidence: "terminated", terminated: "2026-10-28", lastDay, effective: lastDay })];
    const about = (lastDay: string) => decideAbout(user(), left(lastDay), { graceDays: 7 });
    expect(about("2026-11-15")).to.include({ want: "end_user", rule: "grace" });
    expect(about("2026-11-15").reason).to.equal(
      'was terminated in HR on 2026-10-28 (status "Active"), last day 2026-11-15, 7 days of grace until 2026-11-22',
    );
    expect(about("2026-11-14")).to.include({ want: "functional_account", rule: "terminated" });
    expect(about("2026-11-14").reason).to.match(/last day 2026-11-14, 7 days of grace ended$/);
    expect(decideAbout(user(), [person({ evidence: "deceased" })], { graceDays: 7 }))
      .to.include({ rule: "grace" })
      .and.property("reason")
      .contain("cannot be counted");
  });

  it("holds a leaver whose last day is still to come", () => {
    for (const type of ["end_user", "functional_account"] as const) {
      const decision = decideAbout(user({ type }), [person({ evidence: "leaving", lastDay: "2026-11-30", status: "T" })]);
      expect(decision).to.include({ want: type, rule: "leaving", reason: 'leaves on 2026-11-30 according to HR (status "T")' });
    }
  });

  it("treats each kind of leave as the policy says, by HR's word for it", () => {
    const policy = { leaveKinds: { "Garden  Leave": "functional_account", sabbatical: "hold" } } as const;
    const about = (leaveKind: string) => decideAbout(user(), [person({ evidence: "leave", leaveKind })], policy);
    expect(about("garden leave")).to.include({ want: "functional_account", rule: "leave" });
    expect(about("Sabbatical")).to.include({ want: "end_user", held: true });
    expect(about("Parental")).to.include({ want: "end_user", held: false });
    const both = person({ evidence: "leave", leaveKind: "Garden leave", leaveKinds: ["Garden leave", "Parental"] });
    expect(decideAbout(user(), [both], policy)).to.include({ want: "end_user", held: false });
  });

  it("gives somebody hired again a licence again, or holds, as for active people", () => {
    const again = [person({ evidence: "rehired", effective: "2026-11-02" })];
    expect(decideAbout(user({ type: "functional_account" }), again)).to.include({ want: "end_user", rule: "rehired" });
    expect(decideAbout(user({ type: "functional_account" }), again, { active: "hold" })).to.include({ want: "functional_account" });
  });

  it("leaves accounts that are switched off, unless the policy decides about them too", () => {
    const off = user({ active: false });
    expect(decideAbout(off)).to.include({ want: "end_user", rule: "inactive_account" });
    expect(decideAbout(off, [], { inactiveAccounts: "decide" })).to.include({ want: "functional_account", rule: "missing" });
  });

  it("converts leavers among silent users where the policy says so, and gives none of the others a login", () => {
    const silent = user({ type: "silent_user" });
    expect(decideAbout(silent, [], { silent: "decide" })).to.include({ want: "functional_account" });
    expect(decideAbout(silent, [person()], { silent: "decide" })).to.include({ want: "silent_user", rule: "active" });
  });

  it("holds accounts of domains HR does not speak for, in every spelling of a domain", () => {
    const policy = { domains: ["Acme.test", "müller.example"] };
    expect(decideAbout(user({ email: "x@other.test" }), [], policy)).to.include({ want: "end_user", rule: "other_domain" });
    expect(decideAbout(user({ email: "x@ACME.test" }), [], policy).rule).to.equal("missing");
    expect(decideAbout(user({ email: "x@xn--mller-kva.example" }), [], policy).rule).to.equal("missing");
  });

  it("holds the account it logs in with, by any of its addresses", () => {
    expect(decideAbout(user({ aliases: ["Admin@acme.test"] }))).to.include({ want: "end_user", rule: "login" });
  });

  describe("with a scope", () => {
    const scope = { companyCodes: ["1001"], locationCodes: ["LON", "ber"] };
    const at = (companyCode: string, locationCode: string) => ({ companyCode, workerCategoryCode: "F", locationCode });
    const about = (...codes: ReturnType<typeof at>[]) => decideAbout(user(), [person({ evidence: "terminated", codes })], { scope });

    it("decides about people within all of its lists", () => {
      expect(about(at("1001", "BER")).rule).to.equal("terminated");
      expect(about(at("2002", "LON"), at("1001", "lon")).rule).to.equal("terminated");
    });
    it("holds people outside of one of them", () => {
      for (const codes of [at("2002", "LON"), at("1001", "NYC"), at("", "")])
        expect(about(codes)).to.include({ want: "end_user", rule: "out_of_scope" });
      expect(about(at("2002", "")).reason).to.contain("(company 2002, worker category F, location none)");
    });
    it("holds whoever is not in HR, so that a partial feed cannot convert the rest", () => {
      expect(decideAbout(user(), [], { scope })).to.include({ want: "end_user", rule: "out_of_scope" });
      expect(decideAbout(user(), [], { scope: { ...scope, includeMissing: true } }).rule).to.equal("missing");
    });
  });

  describe("with exceptions", () => {
    const exception = (overrides: Partial<Exception> = {}): Exception => ({
      match: "jane@acme.test",
      want: "end_user",
      reason: "in court",
      owner: "Legal",
      expires: "2026-11-22",
      ...overrides,
    });
    const about = (exceptions: Exception[], evidence: "active" | "terminated" = "terminated", one = user()) => {
      const { matched } = matchAll([one], [person({ evidence })]);
      return decide(matched, circumstances({ exceptions, users: [one] }))[0]!;
    };

    it("does what a valid one says, with its reason and owner, on its last day too", () => {
      expect(about([exception()])).to.include({
        want: "end_user",
        rule: "exception",
        reason: 'has an exception (end_user until 2026-11-22: "in court", "Legal")',
      });
      expect(about([exception({ match: "J*@acme.test", want: "hold" })])).to.include({ want: "end_user", held: true });
    });
    it("does not count one that has expired", () => {
      expect(about([exception({ expires: "2026-11-21" })])).to.include({ want: "functional_account", rule: "terminated" });
    });
    it("holds where two disagree", () => {
      expect(about([exception(), exception({ match: "jane@*", want: "functional_account" })])).to.include({ held: true });
    });
    it("never converts whom HR calls active, and says so", () => {
      const decision = about([exception({ want: "functional_account" })], "active");
      expect(decision).to.include({ want: "end_user", rule: "exception" });
      expect(decision.reason).to.contain("is or may be active in HR and is not converted");
    });
    it("converts nobody of whom it is open whether HR calls them active", () => {
      const one = user({ aliases: ["jane@gmail.example"] });
      const exceptions = [exception({ want: "functional_account" })];
      const now = circumstances({ exceptions, users: [one] });
      const byPersonal = matchAll([one], [person({ emails: ["jane@gmail.example"] })]).matched;
      expect(decide(byPersonal, now)[0]).to.include({ want: "end_user", rule: "exception" });
      const alone = matchAll([one], []).matched;
      expect(decide(alone, now)[0]).to.include({ want: "functional_account" });
      expect(decide(alone, { ...now, unclaimed: [{ where: "line 3", cell: "x" }] })[0]).to.include({ want: "end_user" });
      expect(
        decide(
          alone.map((each) => ({ ...each, refusedRow: { where: "line 3", cell: "x" } })),
          now,
        )[0],
      ).to.include({ want: "end_user" });
    });
    it("never touches an administrator", () => {
      expect(about([exception({ want: "functional_account" })], "terminated", user({ type: "channel_admin" })).rule).to.equal("unmanaged");
    });
    it("reports those that have expired, are about to, or are about nobody", () => {
      const entries = [
        exception({ expires: "2026-11-01" }),
        exception({ expires: "2026-12-01" }),
        exception({ match: "x@acme.test", expires: "2027-12-01" }),
      ];
      expect(circumstances({ exceptions: entries, users: [user()] }).exceptions.problems).to.deep.equal([
        'The exception for jane@acme.test ("Legal") expired on 2026-11-01 and no longer counts.',
        'The exception for jane@acme.test ("Legal") expires on 2026-12-01.',
        'The exception for x@acme.test ("Legal") is about no account.',
      ]);
    });
  });

  it("keeps only the rule and the date of effect for the state, and less where that would tell too much", () => {
    const neutral = (rule: Parameters<typeof neutralReason>[0]["rule"], effective = "2026-10-31") => neutralReason({ rule, effective });
    expect(neutral("terminated")).to.equal("rule terminated, effective 2026-10-31");
    expect(neutral("deceased")).to.equal(neutral("terminated"));
    expect([neutral("leave"), neutral("leaving")]).to.deep.equal(["rule active", "rule active"]);
    expect(neutral("protected")).to.equal("rule protected");
    expect(neutralReason({ rule: "missing" })).to.equal("rule missing");
  });
});
