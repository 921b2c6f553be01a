import { expect } from "chai";
import { UnusableLogin, readLogin } from "../../../provider/essentials/credentials.ts";
import { rejection } from "../../support/api.ts";

const nothing = () => undefined;

describe("the login", () => {
  it("comes from the environment", async () => {
    expect(await readLogin({ source: "environment" }, nothing, { PROOFPOINT_USER: "a@acme.test", PROOFPOINT_PASSWORD: "x" })).to.deep.equal(
      {
        user: "a@acme.test",
        password: "x",
      },
    );
  });

  it("comes from the stack's configuration", async () => {
    const config: Record<string, string> = { apiUser: "a@acme.test", apiPassword: "x" };
    expect(await readLogin({ source: "config" }, (key) => config[key], {})).to.deep.equal({ user: "a@acme.test", password: "x" });
  });

  it("that is incomplete says what is missing and where to set it", async () => {
    const halfSet = await rejection(readLogin({ source: "environment" }, nothing, { PROOFPOINT_USER: "a@acme.test" }));
    expect(halfSet).to.be.instanceOf(UnusableLogin);
    expect(halfSet.message).to.contain("the password is missing").and.contain("PROOFPOINT_PASSWORD");
    const unset = await rejection(readLogin({ source: "config" }, nothing, {}));
    expect(unset.message).to.contain("the user name and the password are missing");
  });

  for (const password of ["пароль", "pässwörd", " hunter22", "hunter22 ", "hunter22\n"]) {
    it(`that a header would change is refused: ${JSON.stringify(password)}, without showing it`, async () => {
      const environment = { PROOFPOINT_USER: "a@acme.test", PROOFPOINT_PASSWORD: password };
      const error = await rejection(readLogin({ source: "environment" }, nothing, environment));
      expect(error).to.be.instanceOf(UnusableLogin);
      expect(error.message).to.contain("The Proofpoint password cannot be sent").and.not.contain(password.trim());
    });
  }

  it("may hold any printable character, blanks inside included", async () => {
    const password = "a b\"c'd\\e:f;g~";
    const environment = { PROOFPOINT_USER: "a@acme.test", PROOFPOINT_PASSWORD: password };
    expect((await readLogin({ source: "environment" }, nothing, environment)).password).to.equal(password);
  });
});
