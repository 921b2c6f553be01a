import type { Essentials } from "./essentials/client.ts";
import { connect } from "./essentials/connect.ts";
import { connectionSchema } from "./essentials/connection.ts";
import { readConfig, type ReadConfig } from "./essentials/config.ts";
import { foldAddress } from "./essentials/address.ts";
import type { User } from "./essentials/schema.ts";
import { Verifier } from "./essentials/verifier.ts";

/**
 * What all resources of one operation share: one client, one list of users, one verification. The engine starts one
 * provider process per operation, so this lives exactly as long.
 */
export interface Session {
  readonly essentials: Essentials;
  readonly verifier: Verifier;
  /** Every user by folded primary address, fetched once. */
  readonly users: () => Promise<ReadonlyMap<string, User>>;
}

let readStackConfig: ReadConfig | undefined;
let session: Session | undefined;

/**
 * Keeps the stack's configuration and nothing more: the engine does not wait for `configure` before the first parallel
 * reads, so everything that takes time comes later, on first use.
 */
export function configure(read: ReadConfig): void {
  readStackConfig = read;
  session = undefined;
}

export function currentSession(): Session {
  session ??= open(readStackConfig ?? (() => undefined));
  return session;
}

function open(read: ReadConfig): Session {
  const essentials = connect(readConfig(connectionSchema, read), read);
  let users: Promise<ReadonlyMap<string, User>> | undefined;
  return {
    essentials,
    verifier: new Verifier(essentials),
    users: () => (users ??= essentials.listUsers().then((list) => new Map(list.map((user) => [foldAddress(user.email), user])))),
  };
}
