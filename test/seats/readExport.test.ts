import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encode } from "../../program/hr/csv/encode.ts";
import { ExportError, readExport } from "../../seats/readExport.ts";
import { renderCounts } from "../../seats/countsFile.ts";
import { rejection } from "../support/api.ts";
import { contractLine } from "../support/builders.ts";

describe("The export of a billing system", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "proofpoint-seats-"))));
  after(() => rm(folder, { recursive: true }));
  const columns = { account: "Company", service: "Product", seats: "Qty" };
  const read = async (content: string | Buffer, more: object = {}, source: "csv" | "json" = "csv") => {
    await writeFile(join(folder, "export"), content);
    return readExport({ source, path: "export", columns: { ...columns, ...more } }, folder);
  };
  const refused = async (...args: Parameters<typeof read>) => {
    const error = await rejection(read(...args));
    expect(error).to.be.instanceOf(ExportError);
    return error.message.replace(/^The export \S+ cannot be used: (.*)\. Nothing was reconciled\.$/s, "$1");
  };
  const header = "Company,Product,Qty\n";

  it("is read with its names as they are, a service in any case and spacing for one", async () => {
    const side = await read(
      `\uFEFF${header}Acme,Professional,"1,020"\r\nBeta, professional ,7\nBeta,Printer  paper,3\nGamma,Printer paper,4\n`,
    );
    expect(side.services).to.deep.equal([
      { id: "professional", name: "Professional" },
      { id: "printer paper", name: "Printer  paper" },
    ]);
    expect(side.billed).to.deep.include.members([
      { account: "Acme", service: "professional", seats: 1020 },
      { account: "Beta", service: "professional", seats: 7 },
      { account: "Gamma", service: "printer paper", seats: 4 },
    ]);
    expect(side.accounts.map(({ name }) => name)).to.deep.equal(["Acme", "Beta", "Gamma"]);
  });

  it("has IDs and domains where it has columns for them; a blank one takes none away", async () => {
    const content = "ID,Company,Site,Product,Qty\n7,Smith,smith.test,A,1\n7,Smith,,B,2\n8,Smith,,A,3\n";
    const side = await read(content, { accountId: "ID", domain: "Site" });
    expect(side.accounts).to.deep.equal([
      { id: "7", name: "Smith", domain: "smith.test" },
      { id: "8", name: "Smith" },
    ]);
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${header}Größe,A,1\n`, "utf16le")]);
    expect((await read(utf16)).accounts[0]?.name).to.equal("Größe");
  });

  it("keeps apart what is no whole number of seats: it counts where the service is one of ours", async () => {
    const { billed, unread } = await read(`${header}\nA,B,1.000\nA,B,-1\nA,B,90071992547409931\nA,Consulting hours,2.5\nA,B,7\n`);
    expect(billed).to.deep.equal([{ account: "A", service: "b", seats: 7 }]);
    expect(unread?.map(({ service, problem }) => `${service}: ${problem.replace(/ of \S+/, "")}`)).to.deep.equal([
      'b: line 3 has no whole number of seats, but "1.000"',
      'b: line 4 has no whole number of seats, but "-1"',
      'b: line 5 has no whole number of seats, but "90071992547409931"',
      'consulting hours: line 6 has no whole number of seats, but "2.5"',
    ]);
  });

  it("is refused where a number or a name could be another one, with the line", async () => {
    const cases = {
      "": "it is empty",
      "Company;Product\nA;B\n": "it has no column Company, Product, Qty; it has Company;Product",
      "Company,Product,Qty,Qty\nA,B,1,2\n": "it has more than one column Qty",
      [`${header}A,,1\n`]: "line 2 has no account or no service",
      [`${header}A,B,1,2\n`]: "it is not CSV: Invalid Record Length: expect 3, got 4 on line 2",
      [header]: "it is empty",
    };
    for (const [content, message] of Object.entries(cases)) expect(await refused(content), content).to.equal(message);
    const json = { "[null]": "entry 1 is no object", "{}": "it is no list", "[": "it is not JSON", "[]": "it is empty" };
    for (const [content, message] of Object.entries(json)) expect(await refused(content, {}, "json"), content).to.equal(message);
    const missing = await rejection(readExport({ source: "csv", path: "nowhere", columns }, folder));
    expect(missing.message).to.contain("ENOENT");
  });

  it("may have any delimiter and encoding, and takes counts back in the same form", async () => {
    const content = 'Company;Product;Qty\r\n"Café; Ünlü";Professional;7\r\n';
    const lines = [contractLine({ account: "Café; Ünlü", service: "professional", used: 7 })];
    for (const [encoding, mark] of [
      ["utf-8", false],
      ["utf-8", true],
      ["utf-16le", true],
      ["utf-16be", true],
      ["windows-1252", false],
    ] as const) {
      const bytes = encode(content, encoding, mark)!;
      const side = await read(bytes);
      expect(side.billed, encoding).to.deep.equal([{ account: "Café; Ünlü", service: "professional", seats: 7 }]);
      const back = renderCounts({ lines }, side, { source: "csv", path: "x", columns });
      expect(back.equals(bytes), encoding).to.equal(true);
    }
    expect(encode("Łódź", "windows-1252", false)).to.equal(undefined);
  });

  it("takes counts back in its own columns", () => {
    const lines = [
      contractLine({ account: "7", service: "a, b", used: 3 }),
      contractLine({ account: "8", service: "C", used: 0, billed: 2 }),
    ];
    const side = { accounts: [{ id: "7", name: 'Smith "Jr"' }], services: [{ id: "a, b", name: "A, B" }] };
    const render = (more: object) =>
      renderCounts({ lines }, side, { source: "csv", path: "x", columns: { ...columns, ...more } }).toString();
    expect(render({ accountId: "ID" })).to.equal('ID,Company,Product,Qty\r\n7,"Smith ""Jr""","A, B",3\r\n8,8,C,0\r\n');
    expect(render({ accountId: "Company" }), "one column for both").to.equal('Company,Product,Qty\r\n"Smith ""Jr""","A, B",3\r\n8,C,0\r\n');
    expect(render({})).to.equal('Company,Product,Qty\r\n"Smith ""Jr""","A, B",3\r\n8,C,0\r\n');
  });
});
