import { expect } from "chai";
import fc from "fast-check";
import { amountOf, priceSchema, tellAmount } from "../../seats/money.ts";
import { packageKey, packageLabel } from "../../seats/package.ts";

describe("Money", () => {
  it("is whole numbers: a price in ten-thousandths, an amount in hundredths", () => {
    expect(["4.50", 4.5, "1.375", 3, "0.0001"].map((price) => priceSchema.parse(price))).to.deep.equal([45000, 45000, 13750, 30000, 1]);
    expect(amountOf(3, priceSchema.parse("1.375"))).to.equal(413);
    expect(amountOf(-3, priceSchema.parse("1.375"))).to.equal(-413);
    expect(amountOf(1000, priceSchema.parse("0.1"))).to.equal(10_000);
  });

  it("refuses what is no price", () => {
    for (const wrong of ["", "-1", "1,50", "1.23456", "1e3", Number.NaN, 1e21, "USD 4"])
      expect(priceSchema.safeParse(wrong).success, String(wrong)).to.equal(false);
  });

  it("rounds once, half away from zero, and never by more than half of a hundredth", () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: 0, max: 10_000_000 }), (seats, price) => {
        const exact = seats * price;
        const rounded = amountOf(seats, price) * 100;
        expect(Math.abs(rounded - exact)).to.be.at.most(50);
        if (Math.abs(rounded - exact) === 50) expect(Math.abs(rounded)).to.be.greaterThan(Math.abs(exact));
      }),
    );
  });

  it("is written with its currency, thousands and two decimals", () => {
    expect([123450, -5, 0, 100_000_000].map((hundredths) => tellAmount(hundredths, "USD"))).to.deep.equal([
      "USD 1,234.50",
      "USD -0.05",
      "USD 0.00",
      "USD 1,000,000.00",
    ]);
  });
});

describe("Packages", () => {
  it("are the same in any case and form", () => {
    for (const name of ["professional_plus", "Professional +", "PROFESSIONAL PLUS", "Professional+", " professional-plus "])
      expect([packageKey(name), packageLabel(name)], name).to.deep.equal(["professional_plus", "Professional +"]);
  });

  it("nobody knows are called what they are called", () => {
    expect([packageKey("日本"), packageKey("Größe")]).to.deep.equal(["日本", "größe"]);
    expect([packageKey("Ultra Max"), packageLabel("Ultra Max ")]).to.deep.equal(["ultra_max", "Ultra Max"]);
  });
});
