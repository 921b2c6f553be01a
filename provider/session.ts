import { foldAddress } from "./essentials/address.ts";
import type { Essentials } from "./essentials/client.ts";
import { readConfig, type ReadConfig } from "./essentials/config.ts";
import { connect } from "./essentials/connect.ts";
import { connectionSchema } from "./essentials/connection.ts";
import { isForPeople } from "./essentials/errors.ts";
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
let session: Promise<Session> | undefined;

/**
 * Keeps the stack's configuration and nothing more: the engine does not wait for `configure` before the first parallel
 * reads, so everything that takes time comes later, on first use.
 */
export function configure(read: ReadConfig): void {
  // Each kind of resource configures; what the first has begun to share is for all of them.
  readStackConfig = read;
}

/** The login is read once, by whoever asks first. */
export function currentSession(): Promise<Session> {
  session ??= openSession();
  return session;
}

async function openSession(): Promise<Session> {
  const essentials = await connect(readConfig(connectionSchema, readStackConfig), readStackConfig);
  stopWithEngine();
  return { essentials, verifier: new Verifier(essentials), exempter: new Exempter(essentials) };
}

/** A list could not be read, and another resource of this operation says so already. */
export class ReportedBefore extends Error {
  constructor() {
    super("The list could not be read; another resource of this run says why. Nothing was done to this one.");
  }
}

/** Every user by folded primary address. */
export const sharedUsers = fetchedOnce(async (): Promise<ReadonlyMap<string, User>> => {
  const { essentials } = await currentSession();
  const list = await essentials.listUsers();
  return new Map(list.map((user) => [foldAddress(user.email), user]));
});

/** Every address exempt from Azure sync, folded. */
export const sharedExemptions = fetchedOnce(async (): Promise<ReadonlySet<string>> => {
  const { essentials } = await currentSession();
  const list = await essentials.listExemptions();
  return new Set(list.map(foldAddress));
});

/**
 * A list that is fetched once for all resources of the operation.
 * @returns a function that throws what went wrong to the first who asks, and ReportedBefore to everybody else, so that one
 *   fault is one message. Who asks quietly will not pass it on, and does not count.
 */
function fetchedOnce<T>(fetch: () => Promise<T>): (quietly?: "quietly") => Promise<T> {
  let list: Promise<T> | undefined;
  let told = false;
  return (quietly) => {
    list ??= fetch();
    return list.catch((error: unknown) => {
      if (!quietly && told) throw new ReportedBefore();
      if (!quietly) told = true;
      throw error;
    });
  };
}

/**
 * The SDK prints the stack of an error in `read` and `delete`; what people can act on is the sentence.
 * @param instead what to print in its place
 */
export function withoutStack(error: unknown, instead: string): unknown {
  if (error instanceof Error && isForPeople(error)) error.stack = instead;
  return error;
}
