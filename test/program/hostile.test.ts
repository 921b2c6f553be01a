import { expect } from "chai";
import { evaluate, type Evaluation } from "../../program/evaluate.ts";
import { parseCsv } from "../../program/hr/csv/csv.ts";
import { FeedError, type Feed } from "../../program/hr/row.ts";
import { hrSchema, toFeed, type HrSettings } from "../../program/hr/source.ts";
import { renderConsole, renderJson, renderMarkdown } from "../../program/render.ts";
import { buildReport } from "../../program/report.ts";
import { readSettings } from "../../program/settings.ts";
import { summarise } from "../../program/feedSummary.ts";
import { today, user } from "../support/builders.ts";

const escape = "\u001B";
/** Status, key and address of rows that somebody made with care. */
const hostileRows: readonly (readonly [status: string, key: string, email: string])[] = [
  ["=cmd|' /C calc'!A0", "1", "a1@acme.test"],
  ['+HYPERLINK("http://evil.test";"x")', "2", "a2@acme.test"],
  ["-2+3", "3", "a3@acme.test"],
  ["@SUM(1+1)*cmd|' /C calc'!A0", "4", "a4@acme.test"],
  [`${escape}[2J${escape}[1;1HAll fine`, "5", "a5@acme.test"],
  [`${escape}]8;;http://evil.test${escape}\\click${escape}]8;;${escape}\\`, "6", "a6@acme.test"],
  [`${escape}]52;c;cm0gLXJmIH4=\u0007`, "7", "a7@acme.test"],
  ["Active\u0008Terminated", "8", "a8@acme.test"],
  ["\u0085Terminated by CEO", "9", "a9@acme.test"],
  ["line\u2028separator", "10", "a10@acme.test"],
  ["\u202Edetanimret", "11", "a11@acme.test"],
  ["Ter\u200Bminated", "12", "a12@acme.test"],
  ["<script>alert(1)</script>", "13", "a13@acme.test"],
  ["<img src=x onerror=alert(1)>", "14", "a14@acme.test"],
  ["<!-- hidden", "15", "a15@acme.test"],
  ["&lt;b&gt;", "16", "a16@acme.test"],
  ["[click](javascript:alert(1))", "17", "a17@acme.test"],
  ["![pixel](https://evil.test/p.png)", "18", "a18@acme.test"],
  ["https://evil.test/login www.evil.test", "19", "a19@acme.test"],
  ["@everyone @security-team", "20", "a20@acme.test"],
  ["| a | b | |---|---|", "21", "a21@acme.test"],
  ["``` # Approved ```", "22", "a22@acme.test"],
  ["A".repeat(3_000), "23", "a23@acme.test"],
  ["Z\u0301".repeat(1_000), "24", "a24@acme.test"],
  ["Terminated", "25", "аdmin@acme.test"],
  ["Terminated", "26", "ceo@аcme.test"],
  ["Active", "27", "сеo@acme.test"],
  ["Terminated", "28", "admin@acme.test\u0001"],
  ["Terminated", "__proto__", '"admin"@acme.test'],
  ["Terminated", "constructor", "ceo@acme.test,a1@acme.test"],
];
const csv = ["status,person_key,email,company_code,worker_category_code,location_code"]
  .concat(
    [["Active", "good", "good@acme.test"], ...hostileRows].map((row) =>
      [...row.map((cell) => `"${cell.replaceAll('"', '""')}"`), "1", "F", "L"].join(","),
    ),
  )
  .join("\n");

const users = [
  user({ email: "admin@acme.test", type: "organization_admin" }),
  user({ email: "ceo@acme.test" }),
  user({ email: "good@acme.test" }),
  user({ email: `esc${escape}[31m\u202E<b>@acme.test` }),
  ...hostileRows.slice(0, 24).map(([, , email]) => user({ email })),
];

const hr = hrSchema.parse({ source: "csv", path: "hr.csv" }) as Extract<HrSettings, { source: "csv" }>;

function judge(): { feed: Feed; evaluation: Evaluation } {
  const keys: Record<string, string> = {
    apiUrl: "https://us1.proofpointessentials.com",
    domain: "acme.test",
    hr: '{"source":"csv","path":"hr.csv"}',
  };
  const settings = readSettings({ read: (key) => keys[key], keys: Object.keys(keys), isSecret: () => false, emptyPassphrase: false });
  const feed = toFeed(parseCsv({ name: "the HR feed", bytes: Buffer.from(`${csv}\n`) }, hr), hr);
  const memory = { feeds: [], written: new Map(), exempted: new Set<string>(), exemptions: new Set<string>() };
  const gathered = { feed, users, exceptions: [], memory, flips: new Map(), sync: { mode: "ignore" } } as const;
  return { feed, evaluation: evaluate(gathered, settings, { today, now: new Date(`${today}T06:00:00Z`), login: "ops@acme.test" }) };
}

const forbidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("A feed of thirty hostile rows", () => {
  const { feed, evaluation } = judge();
  const report = buildReport("acme.test", evaluation);

  it("is refused whole for what no export has: a NUL, a line end in a cell, a hundred thousand characters", () => {
    for (const word of ["Active\u0000", "# Approved\n", "A".repeat(100_000)]) {
      const bytes = Buffer.from(`status,email\n"${word}",a@acme.test\n`);
      expect(() => toFeed(parseCsv({ name: "the HR feed", bytes }, hr), hr)).to.throw(FeedError);
    }
  });

  it("has thirty", () => {
    expect(hostileRows).to.have.length(30);
  });

  it("changes nobody: unknown words and addresses that only look like somebody's are held", () => {
    expect(evaluation.decisions.filter(({ have, want }) => have !== want)).to.deep.equal([]);
    const rules = Object.fromEntries(evaluation.decisions.map(({ email, rule }) => [email, rule]));
    expect(rules["admin@acme.test"]).to.equal("unmanaged");
    expect(rules["good@acme.test"]).to.equal("active");
    expect(["refused_row", "similar_address"]).to.include(rules["ceo@acme.test"]);
    for (let row = 1; row <= 24; row++) expect(["unknown", "unread_rows", "refused_row"]).to.include(rules[`a${row}@acme.test`]);
  });

  it("moves no cursor, turns no line and fills no screen on the console", () => {
    for (const line of [...renderConsole(report).split("\n"), ...summarise({ feed, ...evaluation, emails: true })]) {
      expect(line).to.not.match(forbidden);
      expect(line.length, line).to.be.below(1_000);
    }
  });

  it("is text in Markdown: no tag, link, picture, table, heading or mention", () => {
    for (const line of renderMarkdown(report).split("\n")) {
      expect(line).to.not.match(forbidden);
      expect(line).to.not.match(/(?<!\\)[<>`|[\]]/);
      expect(line).to.not.match(/:\/\/|(?<!\\)\bwww\./);
      expect(line).to.not.match(/(?:^|[\s"'(])@\w/);
      expect(line).to.match(/^$|^#{1,2} |^- /);
    }
  });

  it("is whole in JSON, and the file can be shown on a terminal", () => {
    const json = renderJson(report);
    expect(json.replaceAll("\n", "")).to.not.match(forbidden);
    expect(JSON.parse(json)).to.deep.equal(JSON.parse(JSON.stringify(report)));
  });
});
