import http from "node:http";
import type { AddressInfo } from "node:net";
import { parseExactly } from "./exactJson.ts";
import { FaultPlan, type Fault } from "./faults.ts";
import { failure, type Answer } from "./answer.ts";
import { routes } from "./routes.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import { isAdmin, World, type Seed, type SimulatedUser } from "./world.ts";

export interface SimulatorOptions {
  /** What it is born with, and what `reset` brings back. @default one empty organisation, acme.test */
  readonly seed?: Seed;
  readonly faults?: readonly Fault[];
  readonly switches?: Partial<Switches>;
  /** Added to every answer, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** Requests a second above which the answer is 429. @default none */
  readonly maxPerSecond?: number;
  /** @default any free port */
  readonly port?: number;
}

/** One request as it arrived. Headers are left out: they carry the password. */
export interface RecordedRequest {
  readonly method: string;
  /** Decoded, below /api/v1. */
  readonly path: string;
  readonly body: string;
  /** What was answered; 0 where the connection was cut. */
  status: number;
}

export interface Simulator {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Everything that was asked since the start or the last `reset`. */
  readonly requests: RecordedRequest[];
  /** The users of an organisation, as stored. Changing them is changing the world behind the client's back. */
  users(domain?: string): SimulatedUser[];
  /** The addresses exempt from directory sync, as stored, of the first organisation. */
  exemptions(): string[];
  /** Directory sync of the first organisation, as stored; null where there is none. */
  azure(): Record<string, unknown> | null;
  /** From now on, these faults and no others. */
  setFaults(faults: readonly Fault[]): void;
  /** Back to the seed: users, faults, and no requests. */
  reset(): void;
  close(): Promise<void>;
}

const maxBodyBytes = 10_000_000;

/** Starts a Proofpoint Essentials API on the loopback, with state of its own. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const switches = { ...defaultSwitches, ...options.switches };
  const requests: RecordedRequest[] = [];
  let world = new World(options.seed ?? {});
  let faults = new FaultPlan(options.faults ?? []);
  let second = { number: 0, count: 0 };
  let url = "";

  const simulator: Simulator = {
    get url() {
      return url;
    },
    requests,
    exemptions: () => world.organisations[0]?.exemptions ?? [],
    azure: () => world.organisations[0]?.azure ?? null,
    users: (domain) => (domain === undefined ? world.organisations[0] : world.organisation(domain))?.users ?? [],
    setFaults: (next) => {
      faults = new FaultPlan(next);
    },
    reset: () => {
      world = new World(options.seed ?? {});
      faults = new FaultPlan(options.faults ?? []);
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  const server = http.createServer((request, response) => {
    readBody(request).then(
      (body) =>
        setTimeout(() => {
          try {
            respond(request, response, body);
          } catch (error) {
            send(response, failure(400, (error as Error).message));
          }
        }, options.latencyMs ?? 0),
      () => response.destroy(),
    );
  });
  server.keepAliveTimeout = 60_000;

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return simulator;

  function respond(request: http.IncomingMessage, response: http.ServerResponse, body: string): void {
    const method = request.method ?? "GET";
    const target = new URL(request.url ?? "/", url).pathname;
    if (target.startsWith("/_simulator/")) return send(response, control(method, target, body));

    const segments = splitPath(target);
    const path = `/${segments?.join("/") ?? target}`;
    const record: RecordedRequest = { method, path, body, status: 0 };
    requests.push(record);
    const fault = faults.next(method, path, body);
    if (fault?.kind === "timeout") return;
    if (fault?.kind === "cut") return void response.destroy();
    if (tooFast()) return finish({ status: 429 }, { "Retry-After": "1" });
    if (typeof fault?.kind === "number") {
      const headers: Record<string, string> =
        fault.kind === 302
          ? { Location: "http://elsewhere.invalid/" }
          : fault.retryAfter === undefined
            ? {}
            : { "Retry-After": fault.retryAfter };
      return finish(failure(fault.kind, http.STATUS_CODES[fault.kind] ?? ""), headers);
    }
    if (fault?.kind === "html") {
      record.status = 502;
      response
        .writeHead(502, { "Content-Type": "text/html" })
        .end("<html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>");
      return;
    }
    if (fault?.kind === "ignored") return finish({ status: 204 });

    const answer = route(method, segments, request.headers, body);
    if (fault?.kind === "cut_after") return void response.destroy();
    if (fault?.kind === "truncated") {
      record.status = answer.status;
      const whole = stringify(answer.body);
      response.writeHead(answer.status, { "Content-Type": "application/json" }).end(whole.slice(0, whole.length / 2));
      return;
    }
    finish(answer);

    function finish(result: Answer, headers: Record<string, string> = {}): void {
      record.status = result.status;
      send(response, result, headers);
    }
  }

  function tooFast(): boolean {
    if (options.maxPerSecond === undefined) return false;
    const number = Math.floor(Date.now() / 1000);
    if (second.number !== number) second = { number, count: 0 };
    return ++second.count > options.maxPerSecond;
  }

  function route(method: string, segments: readonly string[] | undefined, headers: http.IncomingHttpHeaders, text: string): Answer {
    const login = world.login(String(headers["x-user"] ?? ""), String(headers["x-password"] ?? ""));
    if (!login || !isAdmin(login.type)) return failure(401, "Unauthorized");
    const found = segments && findRoute(segments, method);
    if (!found) return failure(404, "No such resource");
    if (found === "wrong_method") return failure(405, "Method not allowed");
    const { route, domain, email } = found;
    const organisation = domain === undefined ? world.organisation(login.domain) : world.organisation(domain);
    if (!organisation) return failure(404, "Organization not found", domain);
    if (!world.mayReach(login, organisation)) return failure(403, "Not permitted", domain);
    if (route.partnersOnly && login.type === "organization_admin") return failure(403, "Channel Admin or higher is needed");
    if (login.read_only_user && method !== "GET") return failure(403, "The login is read-only");
    const body = parseBody(text, headers["content-type"]);
    if (body === malformed) return failure(400, "Malformed JSON");
    return route.answer({ world, login, switches, domain: domain ?? "", email: email ?? "", body, url }, organisation);
  }

  /** For the command: what the library does by methods. */
  function control(method: string, path: string, body: string): Answer {
    switch (`${method} ${path}`) {
      case "POST /_simulator/reset":
        simulator.reset();
        return { status: 204 };
      case "GET /_simulator/requests":
        return { status: 200, body: requests };
      case "PUT /_simulator/faults":
        simulator.setFaults(JSON.parse(body) as Fault[]);
        return { status: 204 };
      default:
        return failure(404, "POST /_simulator/reset, GET /_simulator/requests, PUT /_simulator/faults");
    }
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const malformed = Symbol("malformed");

function parseBody(text: string, contentType: string | undefined): unknown {
  if (text === "") return undefined;
  try {
    return parseExactly(text);
  } catch {
    // Comma-separated text is a body too; what calls itself JSON or looks like it must be JSON.
    return /json/i.test(contentType ?? "") && !/^[\w.+%@-]+(,|$)/.test(text) ? malformed : /^\s*[[{]/.test(text) ? malformed : text;
  }
}

/** Segments below /api/v1, decoded; a closing slash is tolerated. As in forms, a plain `+` is a space. */
function splitPath(target: string): string[] | undefined {
  const match = /^\/api\/v1\/(.*?)\/?$/.exec(target);
  if (!match) return undefined;
  try {
    return (match[1] ?? "").split("/").map((segment) => decodeURIComponent(segment.replaceAll("+", " ")));
  } catch {
    return undefined;
  }
}

function findRoute(segments: readonly string[], method: string) {
  const shaped = routes.flatMap((route) => {
    const pattern = route.path.split("/");
    if (pattern.length !== segments.length || !pattern.every((part, at) => part.startsWith(":") || part === segments[at])) return [];
    const parameter = (name: string) => segments[pattern.indexOf(name)];
    return [
      {
        route,
        domain: pattern.includes(":domain") ? parameter(":domain") : undefined,
        email: pattern.includes(":email") ? parameter(":email") : undefined,
      },
    ];
  });
  return shaped.find(({ route }) => route.method === method) ?? (shaped.length > 0 ? "wrong_method" : undefined);
}

function send(response: http.ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void {
  if (body === undefined) return void response.writeHead(status, headers).end();
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(stringify(body));
}

function stringify(body: unknown): string {
  return body === undefined ? "" : JSON.stringify(body);
}
