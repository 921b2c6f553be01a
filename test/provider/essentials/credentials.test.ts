import { expect } from "chai";
import { MissingLogin, readLogin } from "../../../provider/essentials/credentials.ts";

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
      .to.throw(MissingLogin)
      .with.property("message")
      .that.contains("the password is missing")
      .and.contains("PROOFPOINT_PASSWORD");
    expect(() => readLogin({ source: "config" }, nothing, {})).to.throw(MissingLogin, "the user name and the password are missing");
  });
});
