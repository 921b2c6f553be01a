import { expect } from "chai";
import fc from "fast-check";
import { planSeats, type SeatChange, type Situation } from "../../seats/planSeats.ts";
import { pricesSchema } from "../../seats/prices.ts";
import { billingSchema } from "../../seats/snapshot.ts";
import { tellSeats } from "../../seats/tellSeats.ts";

const leaver: SeatChange = { have: "end_user", want: "functional_account", active: true, rule: "terminated" };
const back: SeatChange = { have: "functional_account", want: "end_user", active: true, rule: "rehired" };
const kept: SeatChange = { have: "end_user", want: "end_user", active: true, rule: "active" };
const organisation = { name: "Acme", domains: ["acme.test"], package: "Professional", licences: 120, used: 100 };
const prices = pricesSchema.parse({ currency: "USD", perSeat: { professional: "4.50", "Advanced +": 3.2 } });
const plan = (overrides: Partial<Situation> = {}) =>
  planSeats({
    organisation,
    changes: [leaver, leaver, leaver, back, kept],
    prices,
    billing: undefined,
    timeZone: "UTC",
    now: new Date("2026-11-10T00:00:00Z"),
    ...overrides,
  });

describe("The dollar plan", () => {
  it("says seats used, bought and after, what is freed and taken by rule, and the difference a month", () => {
    expect(plan()).to.deep.equal({
      package: "Professional",
      used: 100,
      bought: 120,
      after: 98,
      freed: [{ rule: "terminated", seats: 3 }],
      taken: [{ rule: "rehired", seats: 1 }],
      money: { currency: "USD", now: 45_000, after: 44_100, difference: -900 },
    });
    expect(tellSeats(plan())).to.deep.equal([
      "Seats (Professional): 100 used of 120 bought, 98 after this up: 3 freed (terminated 3), 1 taken (rehired 1).",
      "USD 450.00 a month by usage, USD 441.00 after this up (-9.00).",
    ]);
  });

  it("invents no money where there is no price, or none for this package", () => {
    expect(plan({ prices: undefined })).to.not.have.property("money");
    expect(plan({ organisation: { ...organisation, package: "Business" } })).to.not.have.property("money");
    expect(tellSeats(plan({ prices: undefined }))).to.have.length(1);
    expect(tellSeats(plan({ organisation: { ...organisation, package: "Business" } }))[1]).to.equal(
      "proofpoint:price has no price for Business, so no money is shown.",
    );
    expect(tellSeats(plan({ organisation: undefined })).at(-1)).to.equal(
      "Proofpoint does not say which package the organisation has, so no money is shown.",
    );
    expect(pricesSchema.safeParse({ currency: "USD", perSeat: { professional: 1, Professional: 2 } }).error?.issues[0]?.message).to.equal(
      "names a package twice, in two forms of its name",
    );
  });

  it("of prepaid licences says that the usage falls and the invoice does not, and until when", () => {
    const of = (more: object, renewal?: string) =>
      tellSeats(
        plan({
          prices: pricesSchema.parse({ currency: "USD", perSeat: { professional: 4.5 }, prepaid: true, ...more }),
          organisation: { ...organisation, ...(renewal !== undefined && { renewal }) },
        }),
      )[1];
    expect(of({ prepaidUntil: "2027-03-31" })).to.contain(
      "Licences are prepaid: the usage changes, the invoice does not until 2027-03-31.",
    );
    expect(of({}, "2027-05-01")).to.contain("until 2027-05-01.");
    expect(of({ prepaidUntil: "2027-03-31 00:00:00 +0000 UTC" }), "as Pulumi gives a day without quotes").to.contain("until 2027-03-31.");
    expect(of({})).to.contain("until they are renewed.");
    expect(of({ prepaidUntil: "2026-03-31" })).to.contain("Licences were prepaid until 2026-03-31, which is over:");
    const more = plan({
      prices: pricesSchema.parse({ currency: "USD", perSeat: { professional: 4.5 }, prepaid: true }),
      organisation: { ...organisation, licences: 90 },
    });
    expect(tellSeats(more).slice(1)).to.deep.equal([
      "That is 8 more than were bought.",
      "USD 450.00 a month by usage, USD 441.00 after this up (-9.00). Licences are prepaid: the usage changes, the invoice does not until they are renewed, but for the 8 more than were bought.",
    ]);
  });

  it("says by when an up must run to count, where it changes anything", () => {
    const billing = billingSchema.parse({ snapshotDay: 19, timeZone: "America/New_York" });
    expect(plan({ billing }).snapshot, "an output of a stack holds no moments").to.deep.equal({
      at: "2026-11-19T05:00:00.000Z",
      countsBy: "2026-11-19T04:40:00.000Z",
    });
    expect(tellSeats(plan({ billing })).at(-1)).to.equal(
      "To count for the snapshot of 2026-11-19T05:00:00.000Z, an up must have ended by 2026-11-19T04:40:00.000Z.",
    );
    expect(tellSeats(plan({ billing, changes: [kept] }))).to.have.length(2);
  });

  it("counts the list where the service does not say, and says when more are taken than were bought", () => {
    const { used, after } = plan({ organisation: undefined });
    expect([used, after]).to.deep.equal([4, 2]);
    expect(tellSeats(plan({ organisation: { ...organisation, licences: 95 } }))).to.include("That is 3 more than were bought.");
  });

  it("counts nobody who is switched off, no administrator, and silent users as seats", () => {
    const { freed, taken } = plan({
      changes: [
        { ...leaver, active: false },
        { ...back, active: false },
        { ...leaver, have: "silent_user" },
        { have: "organization_admin", want: "organization_admin", active: true, rule: "unmanaged" },
      ],
    });
    expect([freed, taken]).to.deep.equal([[{ rule: "terminated", seats: 1 }], []]);
  });

  it("always balances: after is used and taken without freed, and the difference is that of the two amounts", () => {
    const change = fc.record({
      have: fc.constantFrom("end_user", "silent_user", "functional_account"),
      want: fc.constantFrom("end_user", "silent_user", "functional_account"),
      active: fc.boolean(),
      rule: fc.constantFrom("active", "terminated", "missing"),
    });
    fc.assert(
      fc.property(fc.array(change), fc.integer({ min: 0, max: 5000 }), (changes, used) => {
        const { after, freed, taken, money } = plan({ changes, organisation: { ...organisation, used } });
        const seats = (rules: typeof freed) => rules.reduce((total, each) => total + each.seats, 0);
        expect(after).to.equal(used + seats(taken) - seats(freed));
        expect(money!.difference).to.equal(money!.after - money!.now);
      }),
    );
  });

  it("takes prices for packages in any form, and refuses a price that is none", () => {
    expect([...prices.perSeat.keys()]).to.deep.equal(["professional", "advanced_plus"]);
    for (const wrong of [{ currency: "usd" }, { perSeat: {} }, { perSeat: { professional: "-1" } }, { prepaidUntil: "soon" }])
      expect(pricesSchema.safeParse({ currency: "USD", perSeat: { professional: 1 }, ...wrong }).success, JSON.stringify(wrong)).to.equal(
        false,
      );
  });
});
