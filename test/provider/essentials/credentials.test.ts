import { expect } from "chai";
import { UnusableLogin, readLogin } from "../../../provider/essentials/credentials.ts";

const nothing = () => undefined;

describe("the login", () => {
  it("comes from the environment", () => {
    expect(readLogin({ source: "environment" }, nothing, { PROOFPOINT_USER: "a@acme.test", PROOFPOINT_PASSWORD: "x" })).to.deep.equal({
      user: "a@acme.test",
      password: "x",
    });
  });

  it("comes from the stack's configuration", () => {
    const config: Record<string, string> = { apiUser: "a@acme.test", apiPassword: "x" };
    expect(readLogin({ source: "config" }, (key) => config[key], {})).to.deep.equal({ user: "a@acme.test", password: "x" });
  });

  it("that is incomplete says what is missing and where to set it", () => {
    expect(() => readLogin({ source: "environment" }, nothing, { PROOFPOINT_USER: "a@acme.test" }))
      .to.throw(UnusableLogin)
      .with.property("message")
      .that.contains("the password is missing")
      .and.contains("PROOFPOINT_PASSWORD");
    expect(() => readLogin({ source: "config" }, nothing, {})).to.throw(UnusableLogin, "the user name and the password are missing");
  });

  for (const password of ["пароль", "pässwörd", " hunter22", "hunter22 ", "hunter22\n"]) {
    it(`that a header would change is refused: ${JSON.stringify(password)}, without showing it`, () => {
      const read = () => readLogin({ source: "environment" }, nothing, { PROOFPOINT_USER: "a@acme.test", PROOFPOINT_PASSWORD: password });
      expect(read)
        .to.throw(UnusableLogin, "The Proofpoint password cannot be sent")
        .with.property("message")
        .that.does.not.contain(password.trim());
    });
  }

  it("may hold any printable character, blanks inside included", () => {
    const password = "a b\"c'd\\e:f;g~";
    expect(
      readLogin({ source: "environment" }, nothing, { PROOFPOINT_USER: "a@acme.test", PROOFPOINT_PASSWORD: password }).password,
    ).to.equal(password);
  });
});
