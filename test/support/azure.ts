import { once } from "node:events";
import http from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, trust } from "./certificates.ts";
import { serveSecurely } from "./secureServer.ts";

export interface VaultAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface FakeAzure {
  /** What the vault was asked, and with which token. */
  readonly asked: readonly { readonly path: string; readonly token: string | undefined }[];
  /** What a process of its own needs to reach it; this one has it already. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * A Key Vault and a managed identity on the loopback, for production code as it is: only the environment differs. A
 * CONNECT proxy sends *.vault.azure.net here, where a server answers with a certificate of a throw-away authority.
 */
export async function startAzure(answer: (path: string) => VaultAnswer): Promise<FakeAzure> {
  const authority = await createAuthority();
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
      send(answer(path));
    },
    await authority.server("acme.vault.azure.net"),
  );
  const identity = http.createServer((_, response) => {
    const token = {
      access_token: "identity-token",
      expires_on: String(Math.floor(Date.now() / 1000) + 3600),
      resource: "r",
      token_type: "Bearer",
    };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(token));
  });
  const sockets = new Set<Socket>();
  const proxy = http.createServer().on("connect", (_, socket: Socket) => {
    const upstream = connect(vault.port, "127.0.0.1", () => {
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
    environment: { ...environment, NODE_EXTRA_CA_CERTS: authorityFile },
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
    },
  };
}
