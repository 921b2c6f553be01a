import axios, { type AxiosError, type AxiosInstance } from "axios";

/** Where the code lives and its pipelines run: a pull request to comment on, issues to open, a page for each run. */
export interface Forge {
  /** Writes the one comment of a pull request that has this mark, in place of what it said before. */
  comment(mark: string, body: string): Promise<void>;
  /** Opens the one issue that has this mark, or brings the open one up to date. */
  raise(mark: string, title: string, body: string): Promise<void>;
  /** Closes it, where it is open. @param word what is said as it is closed */
  settle(mark: string, word: string): Promise<void>;
  /** Shows a text on the page of this run. */
  summarize(body: string): Promise<void>;
}

export type ForgeEnvironment = Readonly<Record<string, string | undefined>>;

/** The forge did not take what was to be written there. */
export class ForgeError extends Error {}

/** Variables that carry a token of the forge, or ask for one; whatever the pipeline starts does not need them. */
export const tokenVariables: readonly string[] = [
  "GITHUB_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_URL",
  "ACTIONS_RUNTIME_TOKEN",
  "SYSTEM_ACCESSTOKEN",
];

/** @throws ForgeError naming the variable that is missing and what sets it */
export function need(environment: ForgeEnvironment, name: string, remedy: string): string {
  const value = environment[name];
  if (value === undefined || value === "") throw new ForgeError(`${name} is not set. ${remedy}`);
  return value;
}

/** A client of one forge, whose errors say what was attempted and never with which token. @param remedy for a refusal */
export function forgeClient(baseURL: string, headers: Record<string, string>, remedy: string): AxiosInstance {
  const client = axios.create({ baseURL, headers, timeout: 30_000, maxRedirects: 0 });
  client.interceptors.response.use(undefined, (error: AxiosError) => {
    const { method = "", url = "" } = error.config ?? {};
    const answer = error.response ? `it answered ${error.response.status}` : `no answer (${error.code ?? "unknown"})`;
    const refused = [401, 403, 404].includes(error.response?.status ?? 0);
    throw new ForgeError(`${method.toUpperCase()} ${url}: ${answer}. ${refused ? remedy : "Run it again."}`);
  });
  return client;
}
