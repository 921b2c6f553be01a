import { appendFile, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { FeedError } from "../../../../program/hr/row.ts";
import { rejection } from "../../../support/api.ts";
import { inShort, readHr, type ReadOptions } from "../../../support/source.ts";

const csv = "status,email,company_code,worker_category_code,location_code\nActive,jane@acme.test,1,F,L\n";

describe("HR from a file", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hr-"));
    path = join(folder, "hr.csv");
    await writeFile(path, csv);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = (settings: object = {}, options: ReadOptions = {}) =>
    readHr({ source: "csv", path: "hr.csv", ...settings }, { projectRoot: folder, ...options });
  const refusal = async (settings: object = {}, options: ReadOptions = {}) => {
    const error = await rejection(read(settings, options));
    expect(error).to.be.instanceOf(FeedError);
    return error.message;
  };

  it("is relative to the project, or absolute", async () => {
    expect(inShort(await read())).to.deep.equal(["Active jane@acme.test"]);
    expect(inShort(await read({ path }, { projectRoot: "/" }))).to.have.length(1);
  });

  it("is refused where there is none, by its whole path, and where it is a folder", async () => {
    expect(await refusal({ path: "gone.csv" }))
      .to.contain(join(folder, "gone.csv"))
      .and.contain("no such file");
    await mkdir(join(folder, "sub"));
    expect(await refusal({ path: "sub" })).to.contain("EISDIR");
  });

  it("is looked at twice when it is fresh, and refused while somebody writes it", async () => {
    const waits: number[] = [];
    await read({}, { sleep: async (ms) => void waits.push(ms) });
    expect(waits).to.deep.equal([500]);
    expect(await refusal({}, { sleep: () => appendFile(path, "Active,john@acme.test,1,F,L\n") })).to.contain(
      "somebody is still writing it",
    );
    await utimes(path, 1_700_000_000, 1_700_000_000);
    waits.length = 0;
    expect((await read({}, { sleep: async (ms) => void waits.push(ms) })).modified).to.equal("2023-11-14T22:13:20.000Z");
    expect(waits).to.deep.equal([]);
  });
});
