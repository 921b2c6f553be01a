/** What goes wrong with a request. A number is the status to answer with; nothing is changed then. */
export type FaultKind =
  | 401
  | 403
  | 404
  | 422
  | 429
  | 500
  | 502
  /** A redirect to another host. */
  | 302
  /** 502 with a gateway's HTML page. */
  | "html"
  /** 200 with the first half of the JSON. */
  | "truncated"
  /** No answer, until the client gives up. */
  | "timeout"
  /** The connection is cut before anything is done. */
  | "cut"
  /** The request is carried out, and the connection cut before the answer. */
  | "cut_after"
  /** A write is answered as usual and changes nothing. */
  | "ignored";

export interface Fault {
  readonly kind: FaultKind;
  /** Only these requests. @default all */
  readonly method?: string;
  /** Only paths that contain this text, after decoding: an address, `/users`. @default all */
  readonly path?: string;
  /** Only bodies that contain this text. @default all */
  readonly body?: string;
  /** Let so many matching requests pass first. @default 0 */
  readonly after?: number;
  /** So often, then no more. @default always */
  readonly times?: number;
  /** `Retry-After` of a 429: seconds or an HTTP date. */
  readonly retryAfter?: string;
}

/** Decides for each request whether a fault strikes; the first that matches does. */
export class FaultPlan {
  private readonly faults: readonly { readonly fault: Fault; seen: number }[];

  constructor(faults: readonly Fault[]) {
    this.faults = faults.map((fault) => ({ fault, seen: 0 }));
  }

  next(method: string, path: string, body: string): Fault | undefined {
    for (const entry of this.faults) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.path !== undefined && !path.includes(fault.path)) continue;
      if (fault.body !== undefined && !body.includes(fault.body)) continue;
      entry.seen++;
      const turn = entry.seen - (fault.after ?? 0);
      if (turn > 0 && turn <= (fault.times ?? Infinity)) return fault;
    }
    return undefined;
  }
}

/** As they are written on a command line. */
export function readFaults(text: string): Fault[] {
  const faults = parse(text);
  if (Array.isArray(faults) && faults.every((fault: unknown) => typeof fault === "object" && fault !== null && "kind" in fault))
    return faults as Fault[];
  throw new Error(`--faults is "${text}"; a list is expected, such as [{"kind":429,"times":3}]`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
