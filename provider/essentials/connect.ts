import { createEssentials, type Essentials } from "./client.ts";
import type { ReadConfig } from "./config.ts";
import type { Connection } from "./connection.ts";
import { readLogin } from "./credentials.ts";
import { createFunnel } from "./funnel.ts";

/** A client for the organisation of a stack, logged in the way its configuration says. */
export function connect(connection: Connection, read: ReadConfig): Essentials {
  const login = readLogin(connection.credentials, read, process.env);
  return createEssentials(connection, login.user, createFunnel(connection, login));
}
