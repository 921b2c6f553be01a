import type { Switches } from "./switches.ts";
import type { SimulatedLogin, SimulatedOrganisation, World } from "./world.ts";

/** What a route answers: a status, and a body unless it is empty. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Call {
  readonly world: World;
  readonly login: SimulatedLogin;
  readonly switches: Switches;
  /** Path parameters, decoded. */
  readonly domain: string;
  readonly email: string;
  /** Parsed JSON, or the text where it is not JSON. */
  readonly body: unknown;
  readonly url: string;
}

export type Handler = (call: Call, organisation: SimulatedOrganisation) => Answer;

export const done: Answer = { status: 204 };
export const ok = (body: unknown): Answer => ({ status: 200, body });

export function failure(status: number, message: string, identifier = ""): Answer {
  return { status, body: { errors: [{ status, error_message: message, identifier }] } };
}

export function asObject(body: unknown): Record<string, unknown> | undefined {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : undefined;
}

/** Some servers write booleans and numbers as text. */
export function asText({ switches }: Call, object: Record<string, unknown>): unknown {
  if (switches.scalars === "json") return object;
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => [
      field,
      typeof value === "boolean" || typeof value === "number" ? String(value) : value,
    ]),
  );
}
