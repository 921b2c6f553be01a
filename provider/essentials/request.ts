export interface ApiRequest {
  readonly method: "GET" | "PUT" | "DELETE";
  /** Below `/api/v1`, each part encoded. */
  readonly path: string;
  /** What it is for, as it follows "Could not": `set jane@acme.test to functional_account`. */
  readonly attempt: string;
  readonly body?: unknown;
  /** What to do when the answer is 404, where the caller knows better than "check the configuration". */
  readonly ifNotFound?: string;
}

/** Sends one request and returns the parsed JSON of the answer (undefined for an empty one). Throws EssentialsError only. */
export type Send = (request: ApiRequest) => Promise<unknown>;
