import { createEssentials, type Essentials } from "./client.ts";
import { ClockSkew } from "./clockSkew.ts";
import type { ReadConfig } from "./config.ts";
import type { Connection } from "./connection.ts";
import { readLogin } from "./credentials.ts";
import { createFunnel, realTime } from "./funnel.ts";

/** A client for the organisation of a stack, logged in the way its configuration says. */
export async function connect(connection: Connection, read: ReadConfig): Promise<Essentials> {
  const login = await readLogin(connection.credentials, read, process.env);
  const clock = new ClockSkew();
  return createEssentials(connection, login.user, createFunnel(connection, login, realTime, clock), clock);
}
