import { expect } from "chai";
import { loginSchema, type LoginFacts } from "../../provider/essentials/organisation.ts";
import { judgeConnection, type ConnectionFacts } from "../../seats/judgeConnection.ts";

const login: LoginFacts = { type: "channel_admin", readOnly: false, domain: "msp.test" };
const good: ConnectionFacts = { login: { value: login }, localLogin: { value: true }, organisations: { value: 12 }, usage: { value: 12 } };
const judge = (overrides: Partial<ConnectionFacts> = {}) =>
  judgeConnection({ ...good, ...overrides }).map(({ level, subject, message }) => `${level} ${subject}: ${message}`);
const problems = (overrides: Partial<ConnectionFacts>) => judge(overrides).filter((line) => !line.startsWith("ok"));

describe("Whether a login can count seats", () => {
  it("is said in a line for each requirement", () => {
    expect(judge()).to.deep.equal([
      "ok Login: it logs in, as channel_admin of msp.test",
      "ok Role: channel_admin: it sees the organisations below it",
      "ok Rights: not read-only",
      "ok Authentication: a password alone logs in",
      "ok Reach: 12 organisations",
      "ok Usage: of 12 organisations",
    ]);
    for (const type of ["strategic_partner_admin", "oem_partner_admin"])
      expect(problems({ login: { value: { ...login, type } } }), type).to.deep.equal([]);
  });

  it("names what does not meet one, and what to change", () => {
    const of = (more: object) => problems({ login: { value: { ...login, ...more } } });
    expect(of({ type: "organization_admin" })[0]).to.contain("Make a login with the role Channel Admin or higher.");
    expect(of({ type: "end_user" })[0]).to.equal("problem Role: It is end_user. Channel Admin is the least that counts seats of others.");
    expect(of({ type: "" })[0]).to.contain("It is of an unknown type.");
    expect(of({ readOnly: true })[0]).to.match(/^problem Rights: It is read-only\. Take that from it/);
    const { readOnly: _, ...unsaid } = login;
    expect(problems({ login: { value: unsaid } })[0]).to.match(/^warning Rights: The service does not say whether it is read-only/);
    expect(["true", 1, "TRUE", "0", "maybe", null].map((read_only_user) => loginSchema.parse({ read_only_user }).readOnly)).to.deep.equal([
      true,
      true,
      true,
      false,
      undefined,
      undefined,
    ]);
    expect(problems({ localLogin: { value: false } })[0]).to.contain("Allow local login for this administrator.");
    expect(problems({ localLogin: { value: undefined } })[0]).to.match(/^warning Authentication: /);
    expect(problems({ organisations: { failure: "answered 403" }, usage: { failure: "answered 404" } })).to.deep.equal([
      "problem Reach: answered 403",
      "problem Usage: answered 404",
    ]);
    expect(judge({ login: { failure: "The login was refused." } })).to.deep.equal(["problem Login: The login was refused."]);
  });
});
