import type { Simulator, SimulatorOptions } from "../../simulator/simulator.ts";
import type { SimulatedUser } from "../../simulator/world.ts";
import type { StackConfig } from "../../tools/workspace.ts";

/** An organisation, what HR says of it, and what must become of each account. */
export interface World {
  readonly options: SimulatorOptions;
  readonly config: StackConfig;
  /** Rows of the HR feed. */
  readonly hr: readonly (readonly [status: string, email: string])[];
  /** The type of every account once HR is followed, by address. */
  readonly want: Readonly<Record<string, string>>;
}

export const login = { user: "ops+essentials@acme.test", password: 'correct horse+battery/4711&"%' };

const all = { count: 1000, percent: 100 };
const config: StackConfig = {
  credentials: { source: "environment" },
  limits: { toFunctional: all, missing: all, terminated: all, toEndUser: all },
  report: "out/report",
  timeoutSeconds: 1,
};

/** Fields no client knows, and numbers JavaScript would round: they must come back as they were. */
const opaque = { safe_list_senders: ["a@b.test"], quota_bytes: "9007199254740993", nested: { deep: [1, null, "x"] }, is_billable: "true" };

type Account = readonly [name: string, have: string, status: string | undefined, want: string];

function world(accounts: readonly Account[], options: SimulatorOptions): World {
  const address = (name: string) => `${name}@acme.test`;
  const users = accounts.map(([name, type], index) => ({ primary_email: address(name), type, firstname: name, note: index, ...opaque }));
  return {
    options: {
      ...options,
      seed: {
        logins: [login],
        organisations: [
          { primary_domain: "acme.test", user_licenses: 1000, users, azure: { sync: true }, exemptions: ["console@acme.test"] },
        ],
      },
    },
    config,
    hr: accounts.flatMap(([name, , status]) => (status === undefined ? [] : [[status, address(name)] as const])),
    want: Object.fromEntries(accounts.map(([name, , , want]) => [address(name), want])),
  };
}

/** Every kind of account and of change. */
export const small = (options: SimulatorOptions = {}): World =>
  world(
    [
      ["admin", "organization_admin", undefined, "organization_admin"],
      ["silent", "silent_user", "Terminated", "silent_user"],
      ["mailbox", "functional_account", undefined, "functional_account"],
      ...["a", "b", "c", "d"].map((name): Account => [name, "end_user", "Active", "end_user"]),
      ["unknown", "end_user", "Furlough", "end_user"],
      ...["leaver1", "leaver2", "leaver3"].map((name): Account => [name, "end_user", "Terminated", "functional_account"]),
      ["gone", "end_user", undefined, "functional_account"],
      ["back", "functional_account", "Active", "end_user"],
    ],
    options,
  );

/** Many changes, so that a run can be hit in the middle. */
export const large = (): World =>
  world(
    [
      ...Array.from({ length: 200 }, (_, index): Account => [`leaver${index}`, "end_user", "Terminated", "functional_account"]),
      ...Array.from({ length: 20 }, (_, index): Account => [`kept${index}`, "end_user", "Active", "end_user"]),
    ],
    { latencyMs: 30 },
  );

/** What is known to be right of an organisation, to compare it with later. */
export interface Before {
  readonly types: Readonly<Record<string, string>>;
  /** Everything but the type, as text. */
  readonly rest: Readonly<Record<string, string>>;
}

export function remember(simulator: Simulator): Before {
  const users = simulator.users();
  return {
    types: Object.fromEntries(users.map(({ primary_email, type }) => [primary_email, type])),
    rest: Object.fromEntries(users.map((user) => [user.primary_email, restOf(user)])),
  };
}

function restOf({ type: _type, ...rest }: SimulatedUser): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What went wrong: a type nobody asked for, another field that changed, an account that came or went. */
export function compare(simulator: Simulator, before: Before, want: Readonly<Record<string, string>>): string[] {
  const faults: string[] = [];
  const users = simulator.users();
  for (const user of users) {
    const { primary_email: email, type } = user;
    if (type !== before.types[email] && type !== want[email]) faults.push(`${email} is ${type}, which nobody asked for`);
    if (restOf(user) !== before.rest[email]) faults.push(`${email} has other fields than before: ${restOf(user)}`);
  }
  for (const email of Object.keys(before.types))
    if (!users.some(({ primary_email }) => primary_email === email)) faults.push(`${email} is gone`);
  return faults;
}

/** Accounts that are not yet what they should be. */
export function unfinished(simulator: Simulator, want: Readonly<Record<string, string>>): number {
  return simulator.users().filter(({ primary_email, type }) => want[primary_email] !== undefined && want[primary_email] !== type).length;
}
