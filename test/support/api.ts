import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { createEssentials, type Essentials } from "../../provider/essentials/client.ts";
import type { Connection } from "../../provider/essentials/connection.ts";
import { simulatorLogin, type Login } from "../../provider/essentials/credentials.ts";
import { createFunnel, type Waiting } from "../../provider/essentials/funnel.ts";
import type { Send } from "../../provider/essentials/request.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../simulator/simulator.ts";
import type { SimulatedUser } from "../../simulator/world.ts";

export interface Api {
  readonly simulator: Simulator;
  readonly essentials: Essentials;
  readonly send: Send;
  /** How long the client waited between attempts, in milliseconds; it never really does in tests. */
  readonly waits: readonly number[];
}

export interface ApiOptions extends SimulatorOptions {
  readonly users?: readonly SimulatedUser[];
  readonly connection?: Partial<Connection>;
  readonly login?: Login;
}

const started: Pick<Simulator, "close">[] = [];

/** A simulator with these users and a client for it, without waiting between attempts. */
export async function createApi({
  users = [{ primary_email: "jane@acme.test", type: "end_user" }],
  connection,
  login = simulatorLogin,
  ...options
}: ApiOptions = {}): Promise<Api> {
  const simulator = await createSimulator({ seed: { organisations: [{ primary_domain: "acme.test", users: [...users] }] }, ...options });
  started.push(simulator);
  const waits: number[] = [];
  const whole: Connection = {
    apiUrl: `${simulator.url}/api/v1`,
    domain: "acme.test",
    credentials: { source: "simulator" },
    concurrency: 8,
    timeoutSeconds: 5,
    ...connection,
  };
  let nowMs = 0;
  const waiting: Waiting = {
    sleep: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
    now: () => nowMs,
    elapsed: () => nowMs,
  };
  const send = createFunnel(whole, login, waiting);
  return { simulator, essentials: createEssentials(whole, login.user, send), send, waits };
}

/** A server that answers as told, for what the simulator does not do. @returns its address, below which the API would be */
export async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  started.push({
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
}

/** Ends every simulator and server of a test; use with `afterEach`. */
export async function closeApis(): Promise<void> {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Error) return error;
  throw new Error("It was not rejected.");
}

/** Requests by kind: `{ list: 2, get: 1, put: 1 }`. */
export function countRequests({ requests }: Simulator): { list: number; get: number; put: number; other: number } {
  const kinds = requests.map(({ method, path }) => {
    if (method === "GET" && path.endsWith("/users")) return "list";
    if (method === "GET" && path.includes("/users/")) return "get";
    return method === "PUT" && path.includes("/users/") ? "put" : "other";
  });
  const count = (kind: string) => kinds.filter((each) => each === kind).length;
  return { list: count("list"), get: count("get"), put: count("put"), other: count("other") };
}
