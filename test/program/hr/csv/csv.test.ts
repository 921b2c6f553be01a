import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parseCsv } from "../../../../program/hr/csv/csv.ts";
import { toPeople } from "../../../../program/hr/person.ts";
import { FeedError, type Feed, type RawFeed } from "../../../../program/hr/row.ts";
import { hrSchema, toFeed } from "../../../../program/hr/source.ts";
import { reader } from "../../../support/builders.ts";

const folder = fileURLToPath(new URL("feeds/", import.meta.url));

function feedOf(bytes: Uint8Array, settings: object = {}): Feed {
  const checked = hrSchema.parse({ source: "csv", path: "hr.csv", ...settings });
  if (checked.source !== "csv") throw new Error("It is a CSV.");
  const raw: RawFeed = parseCsv({ name: "the HR feed hr.csv", bytes }, checked);
  return toFeed(raw, checked);
}

/** What becomes of a feed, in short: each row's line, status and address, what was said of it, and who was refused. */
function outcome(bytes: Uint8Array, settings: object = {}) {
  const feed = feedOf(bytes, settings);
  const { refused } = toPeople(feed, reader());
  return {
    rows: feed.rows.map(({ at, status, email }) => `${at} ${status} ${email}`),
    ...(feed.notes.length > 0 && { notes: feed.notes }),
    ...(refused.length > 0 && { refused: refused.map(({ where }) => where) }),
  };
}

const twoRows = { rows: ["2 Active jane@acme.test", "3 Terminated john@acme.test"] };
const jane = { rows: ["2 Active jane@acme.test"] };

/** Every file of the folder: what is read from it, or the beginning of what is said. */
const expected: Record<string, object | string> = {
  "utf8.csv": { rows: ["2 Active jörg@acme.test", "3 Terminated john@acme.test"] },
  "utf8-bom.csv": twoRows,
  "utf16le-bom.csv": { ...twoRows, notes: ["The HR feed was read as UTF-16LE."] },
  "utf16be-bom.csv": { ...twoRows, notes: ["The HR feed was read as UTF-16BE."] },
  "utf16le-no-bom.csv": "it contains NUL bytes, so it is not a text file in UTF-8",
  "windows-1252.csv": {
    ...twoRows,
    notes: [
      "The HR feed was read as Windows-1252, because line 2 is not UTF-8. If that is right, set proofpoint:hr.encoding to windows-1252.",
    ],
  },
  "windows-1252-address.csv": {
    rows: ["2 Active jörg@acme.test", "3 Terminated john@acme.test"],
    notes: [
      "The HR feed was read as Windows-1252, because line 2 is not UTF-8. If that is right, set proofpoint:hr.encoding to windows-1252.",
    ],
    refused: ["line 2"],
  },
  "mixed-encodings.csv": "line 3 is not UTF-8, and other lines are",
  "neither-encoding.csv": "line 2 is neither UTF-8 nor Windows-1252",
  "utf8-cut-in-letter.csv": "line 3 has 2 cells where the header has 5, and the file ends in it: it was cut short",
  "semicolon.csv": twoRows,
  "tab.csv": twoRows,
  "pipe.csv": twoRows,
  "sep-line.csv": { rows: ["3 Active jane@acme.test", "4 Terminated john@acme.test"] },
  "semicolon-with-commas.csv": twoRows,
  "caret.csv": "its first line (1 cells) is not a header",
  "quoted.csv": twoRows,
  "quoted-delimiters.csv": twoRows,
  "quoted-line-end-elsewhere.csv": { rows: ["2 Active jane@acme.test", "4 Terminated john@acme.test"] },
  "quoted-line-end-in-cell.csv": "line 2 has a line end inside a cell, so it may have swallowed the next row",
  "quote-never-closed.csv": "line 3: a quoted cell is never closed, so the file may be cut short",
  "quote-in-the-middle.csv": "line 2: a quote stands where none may be",
  "quote-after-quote.csv": "line 2: a quote stands where none may be",
  "crlf.csv": twoRows,
  "cr.csv": twoRows,
  "mixed-line-ends.csv": twoRows,
  "no-last-line-end.csv": { ...twoRows, notes: ["The HR feed does not end with a line end; if it was cut short there, nobody can tell."] },
  "blank-lines.csv": { rows: ["5 Active jane@acme.test", "7 Terminated john@acme.test"] },
  "empty.csv": "it is empty",
  "only-bom.csv": "it is empty",
  "only-blank-lines.csv": "it is empty",
  "header-only.csv": "it has a header and no rows",
  "header-and-trailer.csv": "it has a header and no rows",
  "no-header.csv": "its first line (5 cells) is not a header",
  "missing-column.csv": "it has no column location_code",
  "duplicate-header.csv": "the column email stands there twice",
  "duplicate-header-with-suffix.csv": "the column position status stands there twice",
  "two-address-columns.csv": "work email and email address could both be its email: name one in proofpoint:hr.columns.email",
  "ragged-short.csv": "line 3 has 3 cells where the header has 5",
  "ragged-long.csv": "line 3 has 7 cells where the header has 5",
  "truncated-in-row.csv": "line 3 has 2 cells where the header has 5, and the file ends in it: it was cut short",
  "truncated-at-line-end-with-trailer.csv": "its trailer in line 3 counts 1140, and it has 1 rows",
  "trailer-count.csv": twoRows,
  "trailer-words.csv": twoRows,
  "columns-any-order.csv": jane,
  "bleeding-columns.csv": {
    rows: ["2 Active jane@acme.test", "3 Terminated VP Investor Relationsjohn@acme.test"],
    refused: ["line 3"],
  },
  "slipped-columns.csv": { rows: ["2 Active jane@acme.test", "3 john@acme.test Terminated"], refused: ["line 3"] },
  "nul-bytes.csv": "it contains NUL bytes",
  "huge-field.csv": "line 2 has a cell of 40000 characters, so a quote may be missing",
  "formulas.csv": {
    rows: ["2 =1+1 jane@acme.test", '3 Terminated =HYPERLINK("mailto:john@acme.test")', "4 Active @SUM(A1)", "5 Active anna@acme.test"],
    refused: ["line 3", "line 4"],
  },
  "control-characters.csv": { rows: ["2 Act\u001b[31mive jane@acme.test", "3 Terminated jo\u0007hn@acme.test"], refused: ["line 3"] },
  "leading-zeros.csv": jane,
  "spaces.csv": jane,
  "emoji.csv": jane,
  "html-error-page.csv": "its first line (2 cells) is not a header",
  "json.csv": "its first line (2 cells) is not a header",
  "zip.csv": "it contains NUL bytes",
  "adp.csv": {
    rows: ["2 Active jane@acme.test", "3 Terminated jane@acme.test", "4 Terminated john@acme.test", "5 Leave anna@acme.test"],
  },
  "adp-us-dates.csv": 'The date "10/11/2026" in line 2',
};

describe("Nasty HR feeds", () => {
  it("each have an expectation, and are forty at least", async () => {
    expect(await readdir(folder))
      .to.have.members(Object.keys(expected))
      .and.have.length.of.at.least(40);
  });

  for (const [file, what] of Object.entries(expected)) {
    it(`${file}: ${typeof what === "string" ? what : "is read"}`, async () => {
      const bytes = await readFile(folder + file);
      if (typeof what !== "string") expect(outcome(bytes)).to.deep.equal(what);
      else
        expect(() => outcome(bytes))
          .to.throw(FeedError)
          .with.property("message")
          .contain(what)
          .and.match(/Nothing was changed\.$/);
    });
  }
});

describe("HR from CSV", () => {
  const header = "status,email,company_code,worker_category_code,location_code\n";
  const bytes = (text: string) => Buffer.from(text);

  it("keeps the known columns as text and drops everything else", () => {
    const feed = feedOf(
      bytes("birth_date,status,email,company_code,worker_category_code,location_code\n1970-01-01,Active,jane@acme.test,0042,F,LON\n"),
    );
    expect(feed.rows[0]).to.include({ at: 2, status: "Active", email: "jane@acme.test", companyCode: "0042", locationCode: "LON" });
    expect(JSON.stringify(feed)).to.not.contain("1970");
    expect(feed.fields).to.deep.equal(["email", "status", "companyCode", "workerCategoryCode", "locationCode"]);
  });

  it("knows ADP's headers, with and without what stands in parentheses", async () => {
    const { rows, fields } = feedOf(await readFile(`${folder}adp.csv`));
    expect(rows[2]).to.deep.equal({
      at: 4,
      personKey: "G3X2",
      email: "john@acme.test",
      status: "Terminated",
      statusLabel: "",
      statusEffective: "2026-10-31",
      hireDate: "2015-03-02",
      rehireDate: "",
      terminationDate: "2026-10-31",
      lastDay: "",
      leaveType: "",
      leaveStart: "",
      leaveReturn: "",
      companyCode: "ABD",
      workerCategoryCode: "F",
      locationCode: "BER",
      primary: "Yes",
    });
    expect(fields).to.include.members(["personKey", "leaveStart", "primary"]);
    expect(
      toPeople(feedOf(await readFile(`${folder}adp.csv`)), reader()).people.map(({ emails, evidence }) => [emails[0], evidence]),
    ).to.deep.equal([
      ["jane@acme.test", "active"],
      ["john@acme.test", "terminated"],
      ["anna@acme.test", "leave"],
    ]);
  });

  it("takes the columns the stack names, and does without those it says are not there", () => {
    const csv = bytes("Mail,Work Email,State\njane@acme.test,other@acme.test,Active\n");
    const columns = { email: "mail", status: "STATE", companyCode: "", workerCategoryCode: "", locationCode: "" };
    expect(outcome(csv, { columns })).to.deep.equal(jane);
    expect(() => outcome(csv, { columns: { ...columns, lastDay: "Austritt" } })).to.throw(
      "it has no column Austritt (proofpoint:hr.columns.lastDay)",
    );
  });

  it("takes one column for one field", () => {
    expect(() => outcome(bytes(`${header}Active,jane@acme.test,1,F,L\n`), { columns: { statusLabel: "email" } })).to.throw(
      "the column email is named for both email and statusLabel",
    );
  });

  it("takes no column for the address or the status where two could be it", () => {
    expect(() => outcome(bytes(`work_email,${header}home@x.test,Active,jane@acme.test,1,F,L\n`))).to.throw(
      "email and work email could both be its email",
    );
    expect(() => outcome(bytes(`Position Status,${header}A,Active,jane@acme.test,1,F,L\n`))).to.throw(
      "status and position status could both be its status",
    );
  });

  it("takes the encoding and the delimiter the stack says", () => {
    expect(outcome(Buffer.from(`${header}Active,jane@acme.test,1,F,L\n`, "utf16le"), { encoding: "utf-16le" }).rows).to.deep.equal(
      jane.rows,
    );
    expect(outcome(bytes(`${header}Active,jane@acme.test,1,F,L\n`.replaceAll(",", "^")), { delimiter: "^" })).to.deep.equal(jane);
  });

  it("believes neither an encoding nor a byte order mark that the bytes contradict", () => {
    const utf8 = bytes(`${header}Active,jörg@acme.test,1,F,L\n`);
    expect(() => outcome(utf8, { encoding: "windows-1252" })).to.throw("it is UTF-8, and proofpoint:hr.encoding says windows-1252");
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]);
    expect(() => outcome(marked, { encoding: "windows-1252" })).to.throw("its byte order mark says UTF-8");
    const windows = Buffer.from(`${header}Active,j\xf6rg@acme.test,1,F,L\n`, "latin1");
    expect(outcome(windows, { encoding: "windows-1252" })).to.deep.equal({
      rows: ["2 Active jörg@acme.test"],
      notes: ["The HR feed was read as Windows-1252."],
    });
  });

  it("refuses a last address that may be cut short", () => {
    const csv = "status,company_code,worker_category_code,location_code,email\nActive,1,F,L,jane@acme.test\nActive,1,F,L,bob@acme.te";
    expect(outcome(bytes(csv))).to.deep.include({ refused: ["line 3"] });
    expect(outcome(bytes(`${csv}\n`))).to.not.have.property("refused");
    const dates = "email,company_code,worker_category_code,location_code,status,termination_date\njane@acme.test,1,F,L,T,";
    expect(() => outcome(bytes(dates))).to.throw("None of the 1 lines");
    expect(outcome(bytes(`${header}Active,jane@acme.test,1,F,L`))).to.not.have.property("refused");
  });

  it("knows a trailer by its count, exactly, unless the stack says what it counts besides", () => {
    const csv = (count: string) => bytes(`${header}Active,jane@acme.test,1,F,L\nTRAILER,${count}\n`);
    expect(outcome(csv("1"))).to.deep.equal(jane);
    for (const count of ["2", "0", "1140,1"]) expect(() => outcome(csv(count)), count).to.throw("its trailer in line 3 counts");
    expect(outcome(csv("3"), { trailerExtra: "2" })).to.deep.equal(jane);
  });

  it("finds rows that a missing quote has swallowed in a column it does not use", () => {
    const csv = `${header.trimEnd()},notes\nActive,jane@acme.test,1,F,L,"see file\nActive,bob@acme.test,1,F,L,x\nActive,ann@acme.test,1,F,L,done"\n`;
    expect(() => outcome(bytes(csv))).to.throw("line 2 has a line end inside a cell, so it may have swallowed the next row");
  });

  it("never repeats what stands where a header should be: it may be about somebody", () => {
    expect(() => outcome(bytes("Active,jane@acme.test,1,F,L\n")))
      .to.throw()
      .with.property("message")
      .not.contain("jane@");
  });

  it("gives the same content the same hash", () => {
    const hash = (text: string) => feedOf(bytes(text)).hash;
    const csv = `${header}Active,jane@acme.test,1,F,L\n`;
    expect(hash(csv))
      .to.equal(hash(csv))
      .and.not.equal(hash(`${csv}\n`));
  });
});
