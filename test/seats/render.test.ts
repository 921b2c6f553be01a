import { expect } from "chai";
import { decisionAbout, DecisionsError, formatDecisions, parseDecisions, type LineDecision } from "../../seats/decisions.ts";
import type { Line } from "../../seats/reconcile.ts";
import { renderReconciliation, type Format } from "../../seats/render.ts";
import { contractLine } from "../support/builders.ts";

const line = (overrides: Partial<Line> = {}): Line =>
  contractLine({ organisations: ["acme.test", "beta.test"], billed: 8, bought: 12, delta: 2, amount: 900, ...overrides });
const { amount: _, ...unpriced } = line({ accountName: "Gamma", package: "Beginner", billed: 3, used: 0, delta: -3 });
const decision: LineDecision = {
  account: "us1/1042",
  service: "s1",
  billed: 8,
  used: 10,
  decision: "dismissed",
  by: "jane",
  at: "2026-11-22T06:00:00.000Z",
  reason: "contract until March",
};

describe("A reconciliation, rendered", () => {
  const excluded = [{ organisation: "own.test", seats: 4, cause: "our own" }];
  const render = (format: Format, lines: readonly Line[] = [line(), unpriced], decided?: LineDecision) =>
    renderReconciliation({ lines, excluded, unmapped: { organisations: [], packages: [] } }, format, "USD", ({ account, used }) =>
      decided?.account === account && decided.used === used ? decided : undefined,
    );

  it("as a table names each line, who is excluded, and the sums, with what has no price", () => {
    expect(render("table").split("\n")).to.deep.equal([
      "account  package       billed  used  bought  delta    amount  kind       effective   decision",
      "Acme     Professional       8    10      12      2  USD 9.00  reconcile  2026-12-01",
      "Gamma    Beginner           3     0      12     -3            reconcile  2026-12-01",
      "",
      "own.test: 4 seats not billed, our own",
      "",
      "2 lines: 11 seats billed, 10 used, delta -1, USD 9.00 a month, without Beginner: there is no price for it.",
      "",
    ]);
  });

  it("says of which line nobody knows what is billed", () => {
    const unsure = line({ isUnsure: true });
    expect(render("table", [unsure])).to.contain(
      " Nobody knows whether the last count was taken of Acme Professional: the most that may be billed is shown, and the next push sends it again.",
    );
    expect(render("csv", [unsure])).to.contain("us1/1042,s1,USD,unsure\r\n");
  });

  it("as CSV has IDs and the currency, numbers as numbers, and no cell a spreadsheet would run", () => {
    const names = ["=HYPERLINK(1)", "+1", "@x", "-2+3+cmd|' /C calc'!A0", '"quoted", and more'];
    const lines = names.map((accountName) => line({ accountName, delta: -2, amount: -450 }));
    const [heading, ...rows] = render("csv", lines).trimEnd().split("\r\n");
    expect(heading).to.equal(
      "account,package,billed,used,bought,delta,amount,kind,effective,decision,organisations,accountId,service,currency,certainty",
    );
    const rest = "Professional,8,10,12,-2,-4.50,reconcile,2026-12-01,,acme.test beta.test,us1/1042,s1,USD,";
    expect(rows).to.deep.equal(
      ["'=HYPERLINK(1)", "'+1", "'@x", "'-2+3+cmd|' /C calc'!A0", '"""quoted"", and more"'].map((cell) => `${cell},${rest}`),
    );
  });

  it("as Markdown escapes what would be markup, and as JSON has everything", () => {
    expect(render("markdown", [line({ accountName: "A|B *C*" })])).to.contain("| A\\|B \\*C\\* | Professional | 8 |");
    const json = JSON.parse(render("json", [line()], decision)) as { lines: unknown[]; currency: string };
    expect(json.lines).to.deep.equal([{ ...line(), decision }]);
    expect(json.currency).to.equal("USD");
  });

  it("shows what somebody made of a line, and from when on it is to be billed", () => {
    const decided = { ...decision, until: "2027-03-31", effective: "2027-04-01" };
    expect(render("table", [line()], decided)).to.match(/2027-04-01 {2}dismissed by jane until 2027-03-31: contract until March\n/);
  });
});

describe("Decisions about lines", () => {
  it("count for the two numbers they were made of, to their last day, the last one first", () => {
    const about = (decisions: readonly LineDecision[], today = "2026-11-22", of = line()) => decisionAbout(of, decisions, today)?.reason;
    const later = { ...decision, reason: "now right", decision: "approved" as const };
    expect(about([decision])).to.equal("contract until March");
    expect(about([decision, later])).to.equal("now right");
    expect(about([{ ...later, at: "2026-11-23T00:00:00.000Z" }, decision]), "in any order").to.equal("now right");
    expect(parseDecisions("# nothing yet\n", "decisions.yaml")).to.deep.equal([]);
    for (const other of [line({ used: 11 }), line({ billed: 7 }), line({ service: "s2" }), line({ account: "x" })])
      expect(about([decision], "2026-11-22", other)).to.equal(undefined);
    const short = { ...decision, until: "2026-11-22" };
    expect([about([short]), about([short], "2026-11-23"), about([decision, { ...later, until: "2026-11-21" }])]).to.deep.equal([
      "contract until March",
      undefined,
      "contract until March",
    ]);
    const { billed: _, ...fresh } = line();
    expect(about([{ ...decision, billed: 0 }], "2026-11-22", fresh), "billed nothing so far").to.equal("contract until March");
  });

  it("are kept sorted, and are refused with everything that is wrong at once", () => {
    const both = [{ ...decision, account: "z" }, decision];
    expect(parseDecisions(formatDecisions(both), "decisions.yaml")).to.deep.equal([decision, both[0]]);
    expect(parseDecisions("", "decisions.yaml")).to.deep.equal([]);
    const broken = formatDecisions([decision]).replace("dismissed", "maybe").replace("used: 10", "used: -1");
    expect(() => parseDecisions(broken, "decisions.yaml")).to.throw(
      DecisionsError,
      /decisions\.yaml is not right\.\n {2}0\.used: .*\n {2}0\.decision: /,
    );
  });
});
