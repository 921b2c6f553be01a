import http from "node:http";
import type { AddressInfo } from "node:net";
import { FaultPlan, type Fault } from "../faults.ts";

/** What a Synthesize is born with. */
export interface SynthesizeSeed {
  readonly vendorKey?: string;
  readonly partnerKey?: string;
  readonly accounts?: readonly SynthesizeAccount[];
  readonly services?: readonly SynthesizeService[];
}

export interface SynthesizeAccount {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

export interface SynthesizeService {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly category?: string;
  readonly subcategory?: string;
}

export interface SynthesizeOptions {
  readonly seed?: SynthesizeSeed;
  readonly faults?: readonly Fault[];
  readonly port?: number;
  /** The vendor's limit is 100. @default 100 */
  readonly maxPerSecond?: number;
  /** Accounts and services by id that nobody has mapped on their side: a count for one is answered with 404. */
  readonly unmapped?: readonly string[];
  /** @default o1 */
  readonly organizationId?: string;
  /** Whether a count of 0 is accepted; nobody has said so. @default true */
  readonly zero?: boolean;
}

export interface SynthesizeRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  status: number;
}

/** A Gradient Synthesize vendor API on the loopback, with state of its own. Written from its public SDK and reference pages. */
export interface Synthesize {
  readonly url: string;
  readonly requests: SynthesizeRequest[];
  readonly accounts: readonly SynthesizeAccount[];
  readonly services: readonly SynthesizeService[];
  readonly status: string;
  /** How often it rebuilt its cards: once for each count without `no_build`. */
  readonly rebuilds: number;
  /** The counts as they stand: by service, by account. */
  count(serviceId: string, accountId: string): number | undefined;
  /** All of them, as `service/account`: count. */
  counts(): Readonly<Record<string, number>>;
  /** Maps an account or a service on their side, or takes its mapping away; its counts stay. */
  setMapped(id: string, isMapped: boolean): void;
  setFaults(faults: readonly Fault[]): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const say = (statusCode: number, message: string): Answer => ({ status: statusCode, body: { statusCode, message } });

export async function createSynthesize(options: SynthesizeOptions = {}): Promise<Synthesize> {
  const { vendorKey = "vendor", partnerKey = "partner" } = options.seed ?? {};
  const token = Buffer.from(`${vendorKey}:${partnerKey}`).toString("base64");
  const accounts = [...(options.seed?.accounts ?? [])];
  const services = [...(options.seed?.services ?? [])];
  const counts = new Map<string, number>();
  const requests: SynthesizeRequest[] = [];
  const unmapped = new Set(options.unmapped);
  let faults = new FaultPlan(options.faults ?? []);
  let second = { number: 0, count: 0 };
  let status = "pending";
  let rebuilds = 0;

  const server = http.createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback");
      const record: SynthesizeRequest = { method: request.method ?? "GET", path: decodeURIComponent(pathname), body, status: 0 };
      requests.push(record);
      const fault = faults.next(record.method, record.path, body);
      if (fault?.kind === "timeout") return;
      if (fault?.kind === "cut") return void response.destroy();
      const answer =
        fault && typeof fault.kind === "number"
          ? say(fault.kind, http.STATUS_CODES[fault.kind] ?? "")
          : tooFast()
            ? say(429, "Too Many Requests")
            : fault?.kind === "ignored"
              ? { status: 201, body: {} }
              : request.headers["gradient-token"] === token
                ? route(record, searchParams)
                : say(401, "Unauthorized");
      if (fault?.kind === "cut_after") return void response.destroy();
      record.status = answer.status;
      if (fault?.kind === "html") return void response.writeHead(502, { "Content-Type": "text/html" }).end("<html>Bad gateway</html>");
      const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
      response.writeHead(answer.status, { "Content-Type": "application/json" });
      response.end(fault?.kind === "truncated" ? text.slice(0, text.length / 2) : text);
    })();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accounts,
    services,
    get status() {
      return status;
    },
    get rebuilds() {
      return rebuilds;
    },
    count: (serviceId, accountId) => counts.get(`${serviceId}/${accountId}`),
    counts: () => Object.fromEntries([...counts].sort()),
    setMapped: (id, isMapped) => {
      if (isMapped) unmapped.delete(id);
      else unmapped.add(id);
    },
    setFaults: (next) => {
      faults = new FaultPlan(next);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };

  function tooFast(): boolean {
    const number = Math.floor(Date.now() / 1000);
    if (second.number !== number) second = { number, count: 0 };
    return ++second.count > (options.maxPerSecond ?? 100);
  }

  function route({ method, path, body }: SynthesizeRequest, query: URLSearchParams): Answer {
    const rest = path.replace(/^\/api\/vendor-api/, "").replace(/\/$/, "");
    const given: unknown = body === "" ? undefined : JSON.parse(body);
    const [, patched] = /^\/organization\/status\/(pending|active|inactive)$/.exec(rest) ?? [];
    const [, accountId] = /^\/organization\/accounts\/([^/]+)$/.exec(rest) ?? [];
    const [, serviceId] = /^\/service\/([^/]+)\/count$/.exec(rest) ?? [];
    switch (true) {
      case method === "GET" && rest === "/organization":
        return { status: 200, body: showOrganisation() };
      case method === "PATCH" && patched !== undefined:
        status = patched;
        return { status: 200, body: showOrganisation() };
      case method === "GET" && rest === "/organization/accounts":
        return { status: 200, body: accounts.map((account) => ({ ...account, isMapped: !unmapped.has(account.id) })) };
      case method === "POST" && rest === "/organization/accounts":
        return addAccounts(given);
      case method === "PATCH" && accountId !== undefined:
        return changeAccount(accountId, given as Partial<SynthesizeAccount>);
      case method === "GET" && rest === "":
        return { status: 200, body: { status: 200, message: "OK", data: showVendor() } };
      case method === "POST" && rest === "/service":
        return addService(given as Omit<SynthesizeService, "id">);
      case method === "POST" && serviceId !== undefined:
        return setCount(serviceId, given as { accountId?: unknown; unitCount?: unknown }, query);
      default:
        return say(404, `Cannot ${method} ${path}`);
    }
  }

  function showOrganisation(): unknown {
    return {
      organizationId: options.organizationId ?? "o1",
      name: "Acme MSP",
      vendorId: "v1",
      vendorName: "Proofpoint",
      integrationId: "i1",
      status,
      lastSyncedAt: null,
    };
  }

  function showVendor(): unknown {
    return { id: "v1", name: "Proofpoint", skus: services };
  }

  function addAccounts(given: unknown): Answer {
    if (!Array.isArray(given)) return say(400, "Validation failed (parsable array expected)");
    const added = given as readonly SynthesizeAccount[];
    const known = added.find(({ id }) => accounts.some((account) => account.id === id));
    if (known) return say(409, `Account ${known.id} exists`);
    accounts.push(...added);
    return { status: 201, body: added };
  }

  function changeAccount(id: string, given: Partial<SynthesizeAccount>): Answer {
    const at = accounts.findIndex((account) => account.id === id);
    const account = accounts[at];
    if (!account) return say(404, `No account found with id: ${id}`);
    accounts[at] = { ...account, ...given, id };
    return { status: 200, body: accounts[at] };
  }

  /** The vendor object comes back unwrapped, other than for the GET. */
  function addService(given: Omit<SynthesizeService, "id">): Answer {
    if (typeof given.name !== "string" || typeof given.category !== "string") return say(400, "name and category are required");
    services.push({ ...given, id: `s${services.length + 1}` });
    return { status: 201, body: showVendor() };
  }

  function setCount(
    serviceId: string,
    { accountId, unitCount }: { accountId?: unknown; unitCount?: unknown },
    query: URLSearchParams,
  ): Answer {
    if (typeof accountId !== "string" || !Number.isInteger(unitCount) || (unitCount as number) < 0)
      return say(400, "accountId and unitCount are required");
    if (unitCount === 0 && options.zero === false) return say(400, "unitCount must be positive");
    if (!services.some(({ id }) => id === serviceId) || unmapped.has(serviceId))
      return say(404, `No service map found with id: ${serviceId}`);
    if (!accounts.some(({ id }) => id === accountId) || unmapped.has(accountId))
      return say(404, `No account map found with id: ${accountId}`);
    counts.set(`${serviceId}/${accountId}`, unitCount as number);
    status = "active";
    if (query.get("no_build") !== "true") rebuilds += 1;
    return { status: 201, body: {} };
  }
}
