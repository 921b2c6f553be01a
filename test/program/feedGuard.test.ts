import { expect } from "chai";
import { judgeFeed, passportSchema } from "../../program/feedGuard.ts";
import type { FeedPassport } from "../../program/hr/passport.ts";
import { remember, rememberedFeeds, toMemory, type FeedMemory } from "../../program/memory.ts";

const now = new Date("2026-11-22T06:00:00Z");
const none = { active: 0, rehired: 0, leave: 0, pending: 0, leaving: 0, unknown: 0, terminated: 0, deceased: 0 };

function passport(overrides: Partial<FeedPassport> = {}): FeedPassport {
  return {
    rows: 1000,
    persons: 950,
    rowsWithoutAddress: 50,
    rowsRefused: 0,
    personsWithoutAccount: 10,
    endUsers: 900,
    endUsersKnown: 880,
    statuses: { ...none, active: 880, terminated: 70 },
    words: { Active: 900, Terminated: 100 },
    columns: ["status", "email"],
    filled: { lastDay: 20 },
    newestEffective: "2026-11-20",
    modified: "2026-11-22T02:00:00Z",
    hash: "today",
    ...overrides,
  };
}
const last: FeedMemory = { passport: passport({ hash: "yesterday" }), feeds: ["yesterday", "before"] };
const judge = (overrides: Partial<FeedPassport> = {}, limits = {}, memory: FeedMemory = last) =>
  judgeFeed(passport(overrides), memory, passportSchema.parse(limits), now).map(({ message, key }) => `${message} (${key})`);

describe("The feed passport", () => {
  it("lets a feed pass that looks like the last one, and a first one", () => {
    expect(judge()).to.deep.equal([]);
    expect(judge({ hash: "yesterday" })).to.deep.equal([]);
    expect(judge({ rows: 1, persons: 1 }, {}, { feeds: [] })).to.deep.equal([]);
  });

  const cases: [string, Partial<FeedPassport>, string[]][] = [
    [
      "lost rows",
      { rows: 899, words: { Active: 800, Terminated: 99 } },
      ["the feed has 899 rows, last time it had 1000 (-10.1 %); at most 10 % fewer are allowed (proofpoint:passport.shrinkPercent)"],
    ],
    [
      "lost people",
      { persons: 400, statuses: { ...none, active: 371 } },
      ["the feed has 400 people, last time it had 950 (-57.9 %); at most 10 % fewer are allowed (proofpoint:passport.shrinkPercent)"],
    ],
    [
      "nobody active",
      { statuses: { ...none, terminated: 950 } },
      ["0.0 % of the people are active, last time 92.6 % were; at most 10 points fewer are allowed (proofpoint:passport.activeDropPoints)"],
    ],
    [
      "one word over all",
      { words: { Terminated: 1000 } },
      [
        'the status "Terminated" is on 100.0 % of the rows, last time it was on 10.0 %; at most 95 % are allowed (proofpoint:passport.wordPercent)',
      ],
    ],
    ["a column gone", { columns: ["email"] }, ["the feed has lost the column status it had last time (proofpoint:passport)"]],
    [
      "too old",
      { modified: "2026-11-19T05:00:00Z" },
      ["the feed is 73 hours old; at most 72 are allowed (proofpoint:passport.maxAgeHours)"],
    ],
    [
      "nobody known",
      { endUsersKnown: 449 },
      ["HR knows 449 of 900 end users (49.9 %); at least 50 % are expected (proofpoint:passport.matchPercent)"],
    ],
    [
      "an old file again",
      { hash: "before" },
      ["the feed is the same as 1 feeds before the last one: an old export has come again (proofpoint:passport)"],
    ],
    [
      "an older export",
      { newestEffective: "2026-11-12" },
      ["the newest date in the feed is 2026-11-12, last time it was 2026-11-20: this is an older export (proofpoint:passport.olderDays)"],
    ],
  ];
  for (const [what, overrides, violations] of cases) {
    it(`stops ${what}, with both numbers`, () => expect(judge(overrides)).to.deep.equal(violations));
  }

  it("reports everything at once", () => {
    expect(
      judge({ rows: 500, persons: 480, columns: [], words: { T: 500 }, endUsersKnown: 1, hash: "before", statuses: none }),
    ).to.have.length(7);
  });

  it("lets exactly what is allowed pass", () => {
    expect(
      judge({ rows: 900, persons: 855, modified: "2026-11-19T06:00:00Z", endUsersKnown: 450, newestEffective: "2026-11-13" }),
    ).to.deep.equal([]);
    expect(judge({ rows: 500, persons: 475, words: { Active: 450, Terminated: 50 } }, { shrinkPercent: 50 })).to.deep.equal([]);
    expect(judge({ modified: "2020-01-01T00:00:00Z" }, { maxAgeHours: 0 })).to.deep.equal([]);
  });

  it("stops a column that was emptied, and lets one pass that has few values or some fewer", () => {
    expect(judge({ filled: { lastDay: 1 } })).to.deep.equal([
      "the feed has 1 rows with a value for lastDay, last time it had 20: the column was emptied (proofpoint:passport)",
    ]);
    expect(judge({ filled: {} })).to.have.length(1);
    expect(judge({ filled: { lastDay: 5 } })).to.deep.equal([]);
    expect(judge({ filled: {} }, {}, { ...last, passport: passport({ filled: { lastDay: 4 } }) })).to.deep.equal([]);
  });

  it("does not count shares of a handful", () => {
    const few = passport({ rows: 5, persons: 5, endUsers: 5, endUsersKnown: 1, statuses: { ...none, active: 5 }, words: { Active: 5 } });
    const memory = { passport: few, feeds: [] };
    expect(judge({ ...few, rows: 3, persons: 3, statuses: { ...none, terminated: 3 }, words: { T: 3 } }, {}, memory)).to.deep.equal([]);
  });

  it("fails closed where last time's feed was large and this one is tiny", () => {
    expect(judge({ rows: 1, persons: 1, statuses: { ...none, active: 1 }, words: { Active: 1 } })).to.have.length(2);
  });
});

describe("The memory", () => {
  it("is what the stack's outputs say, and nothing where an older version wrote them", () => {
    const outputs = { feed: passport(), feeds: ["a"], summary: {} };
    const remembered = (of: unknown) => toMemory([{ type: "pulumi:pulumi:Stack", outputs: JSON.parse(JSON.stringify(of)) as unknown }]);
    const nothing = { feeds: [], written: new Map(), exempted: new Set(), exemptions: new Set() };
    expect(remembered(outputs)).to.deep.equal({ ...nothing, passport: passport(), feeds: ["a"] });
    for (const other of [{}, { feed: { rows: 1 } }, null]) expect(remembered(other)).to.deep.equal(nothing);
    expect(toMemory([])).to.deep.equal(nothing);
  });

  it("knows the accounts that were written and those it has exempted, by folded address", () => {
    const wrote = { email: "Jane@acme.test", type: "end_user", wrote: "functional_account", wroteAt: "2026-11-19T01:00:00.000Z", flips: 1 };
    const { written, exempted, exemptions } = toMemory([
      { type: "pulumi-nodejs:dynamic/proofpoint:UserType", outputs: { ...wrote, reason: "rule missing" } },
      { type: "pulumi-nodejs:dynamic/proofpoint:UserType", outputs: { email: "kept@acme.test", type: "end_user", reason: "" } },
      { type: "pulumi-nodejs:dynamic/proofpoint:UserType", outputs: { ...wrote, email: "odd@acme.test", wrote: "space_admin" } },
      { type: "pulumi-nodejs:dynamic/proofpoint:UserType" },
      { type: "pulumi-nodejs:dynamic/proofpoint:SyncExemption", outputs: { email: "Bob@acme.test", adopted: false } },
      { type: "pulumi-nodejs:dynamic/proofpoint:SyncExemption", outputs: { email: "theirs@acme.test", adopted: true } },
      { type: "pulumi-nodejs:dynamic/proofpoint:SyncExemption" },
    ]);
    expect([...written]).to.deep.equal([["jane@acme.test", wrote]]);
    expect([...exempted]).to.deep.equal(["bob@acme.test"]);
    expect([...exemptions]).to.deep.equal(["bob@acme.test", "theirs@acme.test"]);
  });

  it("keeps each feed once, the newest first, and not for ever", () => {
    expect(remember(passport({ hash: "b" }), { feeds: ["a", "b", "c"] })).to.deep.equal(["b", "a", "c"]);
    const many = Array.from({ length: 100 }, (_, index) => String(index));
    expect(remember(passport({ hash: "x" }), { feeds: many })).to.have.length(rememberedFeeds);
  });
});
