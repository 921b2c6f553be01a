import { expect } from "chai";
import { pickLines, WhichLines } from "../../seats/pickLines.ts";
import type { Line } from "../../seats/reconcile.ts";
import { contractLine } from "../support/builders.ts";

const line = (account: string, accountName: string, name = "Professional"): Line =>
  contractLine({ account, accountName, service: `s-${name}`, package: name });
const lines = [line("1", "Acme"), line("1", "Acme", "Business +"), line("2", "Smith"), line("3", "smith"), line("Smith", "Gamma")];
const pick = (accounts: readonly string[], service?: string, all = false) =>
  pickLines(lines, { accounts, all, service }).map((each) => `${each.account} ${each.package}`);

describe("Which lines are meant", () => {
  it("are all of an account, by its ID or its name in any case, or the one of a package or service", () => {
    expect(pick(["ACME"])).to.deep.equal(["1 Professional", "1 Business +"]);
    expect(pick(["acme", "2"], "business plus")).to.deep.equal(["1 Business +"]);
    expect(pick([], "s-Business +", true)).to.deep.equal(["1 Business +"]);
    expect(pick([], undefined, true)).to.have.length(5);
    expect(pick(["Smith"]), "an ID goes before a name").to.deep.equal(["Smith Professional"]);
  });

  it("are not guessed: a name of two, or of nobody, is refused", () => {
    expect(() => pick(["smith"])).to.throw(WhichLines, "smith is the name of 2 and 3. Say which by its ID.");
    expect(() => pick(["Nobody"])).to.throw(WhichLines, "No line is about Nobody.");
    expect(() => pick(["acme"], "Beginner")).to.throw(WhichLines, "None of these lines is about Beginner.");
  });
});
