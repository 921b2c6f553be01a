import { expect } from "chai";
import { foldAddress } from "../../../provider/essentials/address.ts";

describe("folding an address", () => {
  for (const [written, folded] of [
    ["  Jane.Doe@ACME.test ", "jane.doe@acme.test"],
    ["JO\u0308RG@acme.test", "jörg@acme.test"],
    ["info@MÜLLER.example", "info@xn--mller-kva.example"],
    ["info@xn--mller-kva.example", "info@xn--mller-kva.example"],
    ["a+B@acme.test", "a+b@acme.test"],
    ["nobody", "nobody"],
  ] as const) {
    it(`${JSON.stringify(written)} is ${folded}`, () => {
      expect(foldAddress(written)).to.equal(folded);
      expect(foldAddress(folded)).to.equal(folded);
    });
  }
});
