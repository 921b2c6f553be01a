import { expect } from "chai";
import { lookalikesOf } from "../../../program/policy/lookalike.ts";
import { foldAddress } from "../../../provider/essentials/address.ts";
import { matchAll, person, user } from "../../support/builders.ts";

const isLike = (strange: string, plain: string) => lookalikesOf(foldAddress(`${strange}@acme.test`))?.test(`${plain}@acme.test`) ?? false;

describe("An address that looks like another", () => {
  it("is known by letters of other scripts, in either case", () => {
    for (const [strange, plain] of [
      ["ТOM", "tom"],
      ["КATE", "kate"],
      ["сеo", "ceo"],
      ["ѕtеvе", "steve"],
      ["ΝINA", "nina"],
      ["νera", "vera"],
      ["łukasz", "lukasz"],
      ["jørgen", "jorgen"],
      ["strauß", "strauss"],
      ["müller", "muller"],
      ["müller", "mueller"],
      ["ｊａｎｅ", "jane"],
      ["j\u0251ne", "jane"],
      ["jan\u{1D5BE}", "jane"],
    ] as const)
      expect(isLike(strange, plain), `${strange} ${plain}`).to.equal(true);
  });

  it("is taken for any letter where nobody knows one, and for nothing where hardly any is known", () => {
    expect(isLike("ja\u0F00e", "jane")).to.equal(true);
    expect(isLike("山田太郎", "jane")).to.equal(false);
    expect(isLike("jane", "jane")).to.equal(false);
    expect(isLike("müller", "miller")).to.equal(false);
    expect(isLike("mü.ller+x", "mu.ller+x")).to.equal(true);
    expect(isLike("mü.ller", "muxller")).to.equal(false);
  });

  it("holds the account HR does not know otherwise", () => {
    const { matched } = matchAll(
      [user({ email: "tom@acme.test" }), user()],
      [person({ emails: [foldAddress("Тom@acme.test")] }), person()],
    );
    expect(matched.map(({ similarAddress }) => similarAddress)).to.deep.equal(["тom@acme.test", undefined]);
  });
});
