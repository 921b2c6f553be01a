import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { hrSchema, readFeed } from "../../../program/hr/source.ts";
import { FeedError } from "../../../program/hr/row.ts";

const header = "status,email,company_code,worker_category_code,location_code\n";

describe("HR from CSV", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "hr-"))));
  after(() => rm(folder, { recursive: true }));

  async function read(content: string | Buffer, settings: object = {}) {
    await writeFile(join(folder, "hr.csv"), content);
    return readFeed(hrSchema.parse({ source: "csv", path: "hr.csv", ...settings }), folder);
  }

  async function refusal(content: string | Buffer, settings: object = {}): Promise<string> {
    const error = await read(content, settings).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(FeedError);
    return (error as Error).message;
  }

  it("reads the five columns and drops everything else", async () => {
    const feed = await read(
      "birth_date,status,email,company_code,worker_category_code,location_code\n1970-01-01,Active,jane@acme.test,0042,F,LON\n",
    );
    expect(feed.rows).to.deep.equal([
      { line: 2, status: "Active", email: "jane@acme.test", companyCode: "0042", workerCategoryCode: "F", locationCode: "LON" },
    ]);
    expect(JSON.stringify(feed)).to.not.contain("1970");
  });

  it("takes an absolute path too", async () => {
    expect((await read(`${header}Active,jane@acme.test,1,F,L\n`, { path: join(folder, "hr.csv") })).rows).to.have.length(1);
  });

  it("finds columns in any order and case, and under configured names", async () => {
    const csv = "E-Mail,STATE,company_code,worker_category_code,LOCATION_CODE\njane@acme.test,Active,1,F,L\n";
    expect((await read(csv, { columns: { email: "e-mail", status: "state" } })).rows[0]).to.include({
      email: "jane@acme.test",
      status: "Active",
    });
  });

  it("reads UTF-8 with a byte order mark, Windows line ends, quotes and line ends in other cells, and counts lines", async () => {
    const csv = `\ufeffnote,${header.replace("\n", "\r\n")}"two\r\nlines","Active","jörg@acme.test","1","F","L"\r\n\r\n,Active,jane@acme.test,1,F,L\r\n`;
    expect((await read(csv)).rows.map(({ email, line }) => [email, line])).to.deep.equal([
      ["jörg@acme.test", 2],
      ["jane@acme.test", 5],
    ]);
  });

  it("refuses a quoted cell that has swallowed the next row", async () => {
    expect(await refusal(`${header}Active,jane@acme.test,1,F,"L\nActive,john@acme.test,1,F,L"\n`)).to.contain(
      "line 2 has a line end inside a cell",
    );
  });

  it("gives the same content the same hash", async () => {
    const csv = `${header}Active,jane@acme.test,1,F,L\n`;
    expect((await read(csv)).hash).to.equal((await read(csv)).hash);
    expect((await read(csv)).hash).to.not.equal((await read(`${csv}\n`)).hash);
  });

  it("refuses a file that is not there, by its whole path", async () => {
    expect(await refusal("", { path: "gone.csv" }))
      .to.contain(join(folder, "gone.csv"))
      .and.contain("no such file");
  });

  it("refuses an empty file", async () => expect(await refusal("")).to.contain("it is empty"));
  it("refuses a header without rows: an empty export never means that everybody left", async () => {
    expect(await refusal(header)).to.contain("a header and no rows");
  });
  it("refuses a file without a header", async () => {
    expect(await refusal("Active,jane@acme.test,1,F,L\nActive,john@acme.test,1,F,L\n")).to.contain(
      "its first line (5 cells) is not a header",
    );
  });
  it("refuses a file without one of the columns, and quotes the first line", async () => {
    expect(await refusal("status,email,company_code,worker_category_code\nActive,jane@acme.test,1,F\n"))
      .to.contain("no column location_code")
      .and.contain("status, email");
  });
  it("refuses a doubled column", async () => {
    expect(await refusal(`email,${header}a@acme.test,Active,b@acme.test,1,F,L\n`)).to.contain("email stands there twice");
  });
  it("refuses a ragged row, by line and count", async () => {
    expect(await refusal(`${header}Active,jane@acme.test,1,F,L\nActive,john@acme.test,1\n`)).to.contain(
      "line 3 has 3 cells where the header has 5",
    );
  });
  it("refuses a file cut short inside quotes", async () => {
    expect(await refusal(`${header}Active,jane@acme.test,1,F,"L\nActive,`)).to.contain("never closed");
  });
  it("refuses stray quotes", async () => {
    expect(await refusal(`${header}Act"ive,jane@acme.test,1,F,L\n`))
      .to.contain("line 2")
      .and.contain("quote");
  });
  it("refuses Windows-1252, by line", async () => {
    expect(await refusal(Buffer.from(`${header}Active,jane@acme.test,1,F,L\nActive,j\xf6rg@acme.test,1,F,L\n`, "latin1"))).to.contain(
      "line 3 is not UTF-8",
    );
  });
  it("refuses UTF-16", async () => {
    expect(await refusal(Buffer.from(`\ufeff${header}`, "utf16le"))).to.contain("not UTF-8");
    expect(await refusal(Buffer.from(header, "utf16le"))).to.contain("NUL bytes");
  });
  it("refuses a folder", async () => expect(await refusal("", { path: "." })).to.contain("EISDIR"));
});
