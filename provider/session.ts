import { foldAddress } from "./essentials/address.ts";
import type { Essentials } from "./essentials/client.ts";
import { readConfig, type ReadConfig } from "./essentials/config.ts";
import { connect } from "./essentials/connect.ts";
import { connectionSchema } from "./essentials/connection.ts";
import { Exempter } from "./essentials/exempter.ts";
import type { User } from "./essentials/schema.ts";
import { Verifier } from "./essentials/verifier.ts";
import { stopWithEngine } from "./stopWithEngine.ts";

/**
 * What all resources of one operation share: one client, one list of users, one verification. The engine starts one
 * provider process per operation, so this lives exactly as long.
 */
interface Session {
  readonly essentials: Essentials;
  readonly verifier: Verifier;
  readonly exempter: Exempter;
}

let readStackConfig: ReadConfig = () => undefined;
let session: Session | undefined;
let users: Promise<ReadonlyMap<string, User>> | undefined;
let exemptions: Promise<ReadonlySet<string>> | undefined;

/**
 * Keeps the stack's configuration and nothing more: the engine does not wait for `configure` before the first parallel
 * reads, so everything that takes time comes later, on first use.
 */
export function configure(read: ReadConfig): void {
  // Each kind of resource configures; what the first has begun to share is for all of them.
  readStackConfig = read;
}

export function currentSession(): Session {
  if (!session) {
    const essentials = connect(readConfig(connectionSchema, readStackConfig), readStackConfig);
    stopWithEngine();
    session = { essentials, verifier: new Verifier(essentials), exempter: new Exempter(essentials) };
  }
  return session;
}

/** The list could not be read, and another resource of this operation says so already. */
export class ReportedBefore extends Error {
  constructor() {
    super("The list of users could not be read; another resource of this run says why. Nothing was done to this user.");
  }
}

/**
 * Every user by folded primary address, fetched once for all.
 * @throws what went wrong, to the first who asks; ReportedBefore to everybody else, so that one fault is one message
 */
export async function sharedUsers(): Promise<ReadonlyMap<string, User>> {
  const first = users === undefined;
  users ??= fetchUsers();
  if (first) return users;
  return users.catch(() => {
    throw new ReportedBefore();
  });
}

async function fetchUsers(): Promise<ReadonlyMap<string, User>> {
  const list = await currentSession().essentials.listUsers();
  return new Map(list.map((user) => [foldAddress(user.email), user]));
}

/** Every address exempt from Azure sync, folded, fetched once for all. */
export async function sharedExemptions(): Promise<ReadonlySet<string>> {
  exemptions ??= currentSession()
    .essentials.listExemptions()
    .then((emails) => new Set(emails.map(foldAddress)));
  return exemptions;
}
