import { expect } from "chai";
import { FeedError } from "../../../../program/hr/row.ts";
import { fingerprint } from "../../../../program/hr/csv/sftp.ts";
import { hrSchema } from "../../../../program/hr/source.ts";
import { rejection } from "../../../support/api.ts";
import { generateKeys, serveSftp, type SftpServer } from "../../../support/sftpServer.ts";
import { inShort, readHr } from "../../../support/source.ts";

const csv = "status,email,company_code,worker_category_code,location_code\nActive,jane@acme.test,1,F,L\n";
const mtime = 1_700_000_000;

describe("HR from an SFTP drop", () => {
  const keys = generateKeys();
  let server: SftpServer;
  let content = csv;
  before(async () => {
    server = await serveSftp({
      user: "hr",
      password: "s3cret-word",
      publicKey: keys.public,
      file: (path) => (path === "/drop/hr export.csv" ? { content: Buffer.from(content), mtime } : undefined),
    });
  });
  after(() => server.close());
  beforeEach(() => (content = csv));

  const environment = { PASSWORD: "s3cret-word", WRONG: "s3cret-wrong", KEY: keys.private };
  const read = (sftp: object = {}, path = "/drop/hr%20export.csv", sleep = (): Promise<void> => Promise.resolve()) =>
    readHr(
      {
        source: "csv",
        path: `sftp://hr@127.0.0.1:${server.port}${path}`,
        sftp: { hostKey: fingerprint(server.hostKey), password: { environment: "PASSWORD" }, ...sftp },
      },
      { environment, sleep },
    );
  const refusal = async (...args: Parameters<typeof read>) => {
    const error = await rejection(read(...args));
    expect(error).to.be.instanceOf(FeedError);
    expect(error.message).to.not.contain("s3cret");
    return error.message;
  };

  it("is read with a password, or with a key", async () => {
    const feed = await read();
    expect(inShort(feed)).to.deep.equal(["Active jane@acme.test"]);
    expect(feed).to.include({
      modified: "2023-11-14T22:13:20.000Z",
      name: `the HR feed sftp://127.0.0.1:${server.port}/drop/hr%20export.csv`,
    });
    expect((await read({ password: undefined, privateKey: { environment: "KEY" } })).rows).to.have.length(1);
  });

  it("is refused where the server's key is another than the pinned one, before any password is sent", async () => {
    const other = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    expect(await refusal({ hostKey: other }))
      .to.contain(`the server's key is ${fingerprint(server.hostKey)}, and proofpoint:hr.sftp.hostKey is ${other}`)
      .and.contain("Somebody may stand in between");
  });

  it("is refused with a wrong password, and where there is no such file", async () => {
    expect(await refusal({ password: { environment: "WRONG" } })).to.contain("authentication methods failed");
    expect(await refusal({}, "/drop/gone.csv")).to.contain("No such file");
  });

  it("is refused while somebody writes it", async () => {
    const grow = async () => void (content += "Active,john@acme.test,1,F,L\n");
    expect(await refusal({}, undefined, grow)).to.contain("somebody is still writing it");
  });

  it("needs a pinned key, and takes no password in the path", () => {
    const problems = (settings: object) =>
      hrSchema
        .safeParse({ source: "csv", ...settings })
        .error?.issues.map(({ message }) => message)
        .join(" ");
    expect(problems({ path: "sftp://hr@files.acme.test/hr.csv" })).to.contain("it pins the server's key");
    expect(problems({ path: "sftp://hr:s3cret@files.acme.test/hr.csv", sftp: { hostKey: fingerprint(server.hostKey) } })).to.contain(
      "without a password",
    );
    expect(problems({ path: "sftp://hr@files.acme.test/hr.csv", sftp: { hostKey: "aa:bb" } })).to.contain("must be the fingerprint");
  });
});
