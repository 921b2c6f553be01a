import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ExceptionsError, readExceptions } from "../../program/readExceptions.ts";
import { rejection } from "../support/api.ts";

const entry = { match: "jane@acme.test", want: "end_user", reason: "on secondment", owner: "helpdesk@acme.test", expires: "2027-03-31" };

describe("The exceptions file", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "exceptions-"))));
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return readExceptions(name, folder);
  };
  const refusal = async (name: string, content: string) => {
    const error = await rejection(read(name, content));
    expect(error).to.be.instanceOf(ExceptionsError);
    return error.message;
  };

  it("need not be there where none is configured", async () => expect(await readExceptions(undefined, folder)).to.deep.equal([]));

  it("is a list in YAML", async () => {
    const yaml = "- match: jane@acme.test\n  want: end_user\n  reason: on secondment\n  owner: helpdesk@acme.test\n  expires: 2027-03-31\n";
    expect(await read("exceptions.yaml", yaml)).to.deep.equal([entry]);
    expect(await read("empty.yml", "# nobody yet\n")).to.deep.equal([]);
  });

  it("is a CSV with a header", async () => {
    const csv = "\ufeffMatch,Want,Reason,Owner,Expires\r\njane@acme.test,end_user,on secondment,helpdesk@acme.test,2027-03-31\r\n";
    expect(await read("exceptions.csv", csv)).to.deep.equal([entry]);
  });

  it("is a CSV with semicolons, as Excel writes it in some countries", async () => {
    const csv = "match;want;reason;owner;expires\njane@acme.test;end_user;on secondment;helpdesk@acme.test;2027-03-31\n";
    expect(await read("exceptions.csv", csv)).to.deep.equal([entry]);
  });

  it("is refused where it is a CSV without a header, or in another encoding", async () => {
    expect(await refusal("empty.csv", "")).to.contain("It is empty");
    expect(await refusal("headless.csv", "jane@acme.test,hold,x,y,2027-03-31\n")).to.contain("must be a list of entries");
    await writeFile(
      join(folder, "old.csv"),
      Buffer.from("match,want,reason,owner,expires\nj\xf6rg@acme.test,hold,x,y,2027-03-31\n", "latin1"),
    );
    expect((await rejection(readExceptions("old.csv", folder))).message).to.contain("Save it as UTF-8");
  });

  it("is refused where a pattern would convert everybody", async () => {
    const yaml = (match: string) => `- { match: "${match}", want: functional_account, reason: x, owner: y, expires: 2027-03-31 }\n`;
    for (const match of ["*@*", "*@acme.test", "a*@acme.test", "room-*@*"])
      expect(await refusal("x.yaml", yaml(match)), match).to.contain("would convert too many");
    expect(await read("x.yaml", yaml("room-*@acme.test"))).to.have.length(1);
  });

  it("is refused with every wrong entry at once", async () => {
    const yaml =
      "- match: jane@acme.test\n  want: delete\n- want: hold\n  match: x@acme.test\n  reason: ''\n  owner: me\n  expires: soon\n  extra: 1\n";
    expect(await refusal("exceptions.yaml", yaml))
      .to.contain("Entry 1: want ")
      .and.contain("Entry 1: reason ")
      .and.contain("Entry 2: reason must say why")
      .and.contain("Entry 2: expires must be a day such as 2027-03-31")
      .and.contain("extra");
  });

  it("is refused where it is not there, or neither a list nor a table", async () => {
    expect((await rejection(readExceptions("gone.yaml", folder))).message).to.contain("There is no such file");
    expect(await refusal("map.yaml", "match: jane@acme.test\n")).to.contain("must be a list of entries");
    expect(await refusal("broken.yaml", "- match: [\n")).to.contain("cannot be used");
    expect(await refusal("star.yaml", "- match: *@acme.test\n  want: hold\n")).to.contain("put patterns into quotes");
    expect(await refusal("broken.csv", 'match,want\n"jane,hold\n')).to.contain("cannot be used");
  });
});
