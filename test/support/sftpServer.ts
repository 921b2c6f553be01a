import { once } from "node:events";
import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type FileEntry } from "ssh2";

const { Server, utils } = ssh2;
const { STATUS_CODE } = utils.sftp;

export interface SftpServer {
  readonly port: number;
  /** Its public host key, as it goes over the wire. */
  readonly hostKey: Buffer;
  close(): Promise<void>;
}

export interface SftpDrop {
  readonly user: string;
  readonly password: string;
  readonly publicKey?: string;
  /** By absolute path; called at every look, so that a file can change in between. */
  readonly file: (path: string) => { readonly content: Buffer; readonly mtime: number } | undefined;
}

/** A pair of SSH keys. One in some hundred that the library makes it cannot read itself; those are made again. */
export function generateKeys(): { readonly private: string; readonly public: string } {
  for (;;) {
    const keys = utils.generateKeyPairSync("ed25519");
    if (!(utils.parseKey(keys.private) instanceof Error)) return keys;
  }
}

/** A real SSH server that serves files it holds in memory. */
export async function serveSftp({ user, password, publicKey, file }: SftpDrop): Promise<SftpServer> {
  const hostKeys = generateKeys();
  const connections = new Set<Connection>();
  const server = new Server({ hostKeys: [hostKeys.private] }, (client) => {
    connections.add(client);
    client.on("error", () => undefined).on("close", () => connections.delete(client));
    client.on("authentication", (context) => {
      const key = publicKey === undefined ? undefined : utils.parseKey(publicKey);
      const byPassword = context.method === "password" && context.password === password;
      const byKey =
        context.method === "publickey" && key !== undefined && !(key instanceof Error) && context.key.data.equals(key.getPublicSSH());
      if (context.username === user && (byPassword || byKey)) context.accept();
      else context.reject(["password", "publickey"]);
    });
    client.on("ready", () => {
      client.on("session", (accept) => {
        accept().on("sftp", (acceptSftp) => {
          const sftp = acceptSftp();
          const handles = new Map<number, Buffer>();
          const attributes = (found: { content: Buffer; mtime: number }): FileEntry["attrs"] => ({
            mode: 0o100644,
            uid: 0,
            gid: 0,
            size: found.content.length,
            atime: found.mtime,
            mtime: found.mtime,
          });
          const stat = (id: number, path: string) => {
            const found = file(path);
            if (found) sftp.attrs(id, attributes(found));
            else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
          };
          sftp.on("STAT", stat).on("LSTAT", stat);
          sftp.on("REALPATH", (id, path) => sftp.name(id, [{ filename: path, longname: path, attrs: {} as FileEntry["attrs"] }]));
          sftp.on("OPEN", (id, path) => {
            const found = file(path);
            if (!found) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
            const handle = Buffer.alloc(4);
            handle.writeUInt32BE(handles.size);
            handles.set(handles.size, found.content);
            sftp.handle(id, handle);
          });
          sftp.on("FSTAT", (id, handle) => sftp.attrs(id, attributes({ content: handles.get(handle.readUInt32BE(0))!, mtime: 0 })));
          sftp.on("READ", (id, handle, offset, length) => {
            const content = handles.get(handle.readUInt32BE(0))!;
            if (offset >= content.length) sftp.status(id, STATUS_CODE.EOF);
            else sftp.data(id, content.subarray(offset, offset + length));
          });
          sftp.on("CLOSE", (id) => sftp.status(id, STATUS_CODE.OK));
        });
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const parsed = utils.parseKey(hostKeys.public);
  if (parsed instanceof Error) throw parsed;
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: parsed.getPublicSSH(),
    close: async () => {
      for (const client of connections) client.end();
      await new Promise((done) => server.close(done));
    },
  };
}
