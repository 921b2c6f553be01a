import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Authority } from "./certificates.ts";

/** Microsoft's emulator of blob storage on the loopback, in memory, that takes the tokens of an identity and no key. */
export interface Azurite {
  readonly port: number;
  readonly pid: number;
  /** Every blob of a container: its name and what is in it. */
  blobs(container: string): Promise<ReadonlyMap<string, Buffer>>;
  close(): Promise<void>;
}

const program = fileURLToPath(new URL("../../node_modules/azurite/dist/src/blob/main.js", import.meta.url));

/** @param account the name of the storage account @param container made right away: Pulumi expects that it is there */
export async function startAzurite(authority: Authority, account: string, container: string): Promise<Azurite> {
  const host = `${account}.blob.core.windows.net`;
  const folder = await mkdtemp(join(tmpdir(), "proofpoint-azurite-"));
  const pair = await authority.server(host);
  await writeFile(join(folder, "cert.pem"), pair.cert);
  await writeFile(join(folder, "key.pem"), pair.key);
  const port = await freePort();
  const where = ["--blobHost", "127.0.0.1", "--blobPort", String(port)];
  const how = ["--oauth", "basic", "--cert", join(folder, "cert.pem"), "--key", join(folder, "key.pem")];
  const child = spawn(
    process.execPath,
    [program, ...where, ...how, "--inMemoryPersistence", "--silent", "--skipApiVersionCheck", "--disableTelemetry"],
    {
      cwd: folder,
      env: { PATH: process.env["PATH"], AZURITE_ACCOUNTS: `${account}:${Buffer.from("never used").toString("base64")}` },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const ended = once(child, "close");
  const ask = (method: string, path: string) => request({ method, path, host, port, ca: authority.cert });
  await untilAnswered(() => ask("PUT", `/${container}?restype=container`));
  return {
    port,
    pid: child.pid ?? 0,
    blobs: async (of) => {
      const list = (await ask("GET", `/${of}?restype=container&comp=list`)).toString();
      const names = [...list.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name ?? "");
      const contents = names.map(async (name) => [name, await ask("GET", `/${of}/${encodeURI(name)}`)] as const);
      return new Map(await Promise.all(contents));
    },
    close: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What managed identity hands out for storage: Azurite reads who it is for and how long it holds, and checks no signature. */
export function storageToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
  const claims = { aud: "https://storage.azure.com", iss: "https://sts.windows.net/tenant/", iat: now, nbf: now - 60, exp: now + 3600 };
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.${Buffer.from("unsigned").toString("base64url")}`;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly port: number;
  readonly ca: string;
}

async function request({ host, ...where }: Asked): Promise<Buffer> {
  const headers = { Host: host, Authorization: `Bearer ${storageToken()}`, "x-ms-version": "2021-12-02", "Content-Length": 0 };
  const asked = https.request({ ...where, host: "127.0.0.1", servername: host, headers, agent: false }).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if ((response.statusCode ?? 500) >= 300) throw new Error(`Azurite answered ${response.statusCode}: ${body.toString()}`);
  return body;
}

async function untilAnswered(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED" || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
