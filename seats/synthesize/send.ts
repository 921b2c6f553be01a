import axios, { type AxiosResponse } from "axios";
import pLimit from "p-limit";
import { ErrorForPeople } from "../../provider/essentials/errors.ts";
import { isLoopback } from "../../provider/essentials/connection.ts";

/** Synthesize did not do what it was asked. */
export class SynthesizeError extends ErrorForPeople {
  readonly status: number | undefined;
  /** It may have been done although it failed: an answer was cut off, or their side failed on the way. */
  readonly mayBeTaken: boolean;

  constructor(message: string, { status, mayBeTaken = false }: { status?: number; mayBeTaken?: boolean } = {}) {
    super(message);
    this.status = status;
    this.mayBeTaken = mayBeTaken;
  }
}

export interface SynthesizeLogin {
  readonly vendorKey: string;
  readonly partnerKey: string;
}

export interface SynthesizeRequest {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: unknown;
  /** "set 12 Professional of Acme", for the error. */
  readonly attempt: string;
  /** It makes something new each time: sent once only, unless it was refused for its pace. */
  readonly once?: true;
  /** What it answers is of no interest. */
  readonly noAnswer?: true;
}

export type SendToSynthesize = (request: SynthesizeRequest) => Promise<unknown>;

const usualUrl = "https://app.usegradient.com";
const atOnce = 8;
const attempts = 5;
const timeoutMs = 30_000;
const firstDelayMs = 250;

/** What to do about an answer that stays. */
const remedies: Readonly<Record<number, string>> = {
  401: "Check the vendor key and the partner key.",
  403: "The partner key may not do this; look at the integration in Synthesize.",
  404: "Check billing.url.",
};

/**
 * The one way any request to Synthesize takes. Almost every write there sets something to a value, so that sending it twice does
 * what sending it once does: what was cut off, throttled or failed on their side is sent again, and a refusal never.
 */
export function createSendToSynthesize(
  login: SynthesizeLogin,
  { url = usualUrl, sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = {},
): SendToSynthesize {
  const token = Buffer.from(`${login.vendorKey}:${login.partnerKey}`).toString("base64");
  const limit = pLimit(atOnce);
  const client = axios.create({
    baseURL: url,
    headers: { "Gradient-Token": token, Accept: "application/json" },
    timeout: timeoutMs,
    maxRedirects: 0,
    responseType: "text",
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    ...(isLoopback(url) && { proxy: false as const }),
  });
  const once = async ({ method, path, body }: SynthesizeRequest): Promise<AxiosResponse<string> | string> =>
    client
      .request<string>({
        method,
        url: path,
        ...(body !== undefined && { data: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
      })
      .catch((error: unknown) => (axios.isAxiosError(error) ? (error.code ?? "no reason given") : Promise.reject(error as Error)));

  return (request) =>
    limit(async () => {
      let mayBeTaken = false;
      const fail = (cameBack: string, remedy: string, status?: number): never => {
        throw new SynthesizeError(`Could not ${request.attempt}: Synthesize ${cameBack}. ${remedy}`, {
          mayBeTaken,
          ...(status !== undefined && { status }),
        });
      };
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once(request);
        const isOpen = typeof answer === "string" || answer.status >= 500;
        mayBeTaken ||= isOpen;
        const worthIt = attempt < attempts && (isBusy(answer) || (!request.once && isOpen));
        if (worthIt) {
          await sleep(firstDelayMs * 2 ** (attempt - 1));
          continue;
        }
        if (typeof answer === "string") return fail(`gave no answer (${answer})`, "Run again.");
        const { status, data } = answer;
        if (status < 200 || status > 299) return fail(`answered ${status}${tell(data)}`, remedies[status] ?? "Run again.", status);
        try {
          return data === "" || request.noAnswer ? undefined : (JSON.parse(data) as unknown);
        } catch {
          return fail("answered with something that is not JSON", "Run again; if it stays, its service is in trouble.");
        }
      }
    });
}

function isBusy(answer: AxiosResponse<string> | string): boolean {
  return typeof answer !== "string" && answer.status === 429;
}

/** What they say of a refusal, on one line and cut short. */
function tell(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === "string" ? ` ("${message.slice(0, 200)}")` : "";
  } catch {
    return "";
  }
}
