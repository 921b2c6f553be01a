import { once } from "node:events";
import http from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAzurite, storageToken, type Azurite } from "./azurite.ts";
import { createAuthority, trust } from "./certificates.ts";
import { readBody, serveSecurely } from "./secureServer.ts";
import type { Vault, VaultAnswer } from "./vault.ts";

export interface FakeAzure {
  /** What the vault was asked, and with which token. */
  readonly asked: readonly { readonly path: string; readonly token: string | undefined }[];
  /** What a process of its own needs to reach it; this one has it already. */
  readonly environment: Readonly<Record<string, string>>;
  /** Blob storage, where it was asked for. */
  readonly azurite: Azurite | undefined;
  close(): Promise<void>;
}

/** The storage account and its container, where blob storage is asked for. */
export const storage = { account: "acmestate", container: "state" } as const;

/**
 * A Key Vault, a managed identity and blob storage on the loopback, for production code as it is: only the environment
 * differs. A CONNECT proxy sends *.vault.azure.net and *.blob.core.windows.net here, where servers answer with
 * certificates of a throw-away authority.
 */
export async function startAzure(answer: Vault, { withStorage = false } = {}): Promise<FakeAzure> {
  const authority = await createAuthority();
  const azurite = withStorage ? await startAzurite(authority, storage.account, storage.container) : undefined;
  const distrust = trust(authority);
  const asked: { path: string; token: string | undefined }[] = [];
  const vault = await serveSecurely(
    (request, response) => {
      const token = request.headers.authorization?.replace("Bearer ", "");
      const send = ({ status, body }: VaultAnswer, headers = {}) =>
        response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
      if (token === undefined) {
        const challenge = 'Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"';
        return void send({ status: 401, body: {} }, { "WWW-Authenticate": challenge });
      }
      const path = (request.url ?? "").replace(/\?.*/, "");
      asked.push({ path, token });
      void readBody(request).then((body) => send(answer(path, body)));
    },
    await authority.server("acme.vault.azure.net"),
  );
  const identity = http.createServer((request, response) => {
    const token = {
      access_token: /storage\.azure\.com/.test(decodeURIComponent(request.url ?? "")) ? storageToken() : "identity-token",
      expires_on: String(Math.floor(Date.now() / 1000) + 3600),
      resource: "r",
      token_type: "Bearer",
    };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(token));
  });
  const sockets = new Set<Socket>();
  const proxy = http.createServer().on("connect", (request: http.IncomingMessage, socket: Socket) => {
    const port = request.url?.endsWith(".vault.azure.net:443")
      ? vault.port
      : request.url === `${storage.account}.blob.core.windows.net:443`
        ? azurite?.port
        : undefined;
    // Whatever else is asked for is not to be had: nothing here reaches the world outside.
    if (port === undefined) return void socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const each of [socket, upstream]) sockets.add(each.on("error", () => each.destroy()));
  });
  for (const server of [identity, proxy]) await once(server.listen(0, "127.0.0.1"), "listening");
  const portOf = (server: http.Server) => (server.address() as AddressInfo).port;
  const environment: Record<string, string> = {
    HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
    NO_PROXY: "127.0.0.1,localhost",
    IDENTITY_ENDPOINT: `http://127.0.0.1:${portOf(identity)}/msi/token`,
    IDENTITY_HEADER: "x",
  };
  const folder = await mkdtemp(join(tmpdir(), "proofpoint-azure-"));
  const authorityFile = join(folder, "authority.pem");
  await writeFile(authorityFile, authority.cert);
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  return {
    asked,
    environment: {
      ...environment,
      NODE_EXTRA_CA_CERTS: authorityFile,
      SSL_CERT_FILE: authorityFile,
      ...(azurite && { AZURE_STORAGE_ACCOUNT: storage.account, PULUMI_BACKEND_URL: `azblob://${storage.container}` }),
    },
    azurite,
    close: async () => {
      await rm(folder, { recursive: true });
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      distrust();
      for (const socket of sockets) socket.destroy();
      for (const server of [identity, proxy]) server.close();
      await vault.close();
      await azurite?.close();
    },
  };
}
