import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { z } from "zod";
import { parseYaml } from "../program/files/parseYaml.ts";
import { ErrorForPeople } from "../provider/essentials/errors.ts";
import type { Line } from "./reconcile.ts";

const text = z.union([z.string().trim().min(1), z.number().transform(String)]);

/** What somebody made of a line (`seats/decisions.yaml`). It is about these two numbers and no others. */
const decisionSchema = z.strictObject({
  account: text,
  service: text,
  billed: z.number().int().min(0),
  used: z.number().int().min(0),
  /** `approved`: it is right, and is to be billed so. `dismissed`: it stays as it is, for a reason. */
  decision: z.enum(["approved", "dismissed"]),
  by: text,
  at: z.iso.datetime(),
  reason: text,
  /** From when on it is to be billed, where that is another day than the first of the next month. */
  effective: z.iso.date().exactOptional(),
  /** Its last day. */
  until: z.iso.date().exactOptional(),
});
export type LineDecision = Readonly<z.infer<typeof decisionSchema>>;

/** An empty file, or one of comments alone, says an empty map. */
const decisionsSchema = z.preprocess((given) => (isDeepStrictEqual(given, {}) ? [] : given), z.array(decisionSchema));

/** The decisions cannot be read. */
export class DecisionsError extends ErrorForPeople {}

/** @throws DecisionsError with everything that is wrong at once */
export function parseDecisions(content: string, path: string): readonly LineDecision[] {
  const fault = (message: string) => new DecisionsError(message);
  return parseYaml({ content, path, schema: decisionsSchema, fault });
}

export function formatDecisions(decisions: readonly LineDecision[]): string {
  const key = ({ account, service }: LineDecision) => JSON.stringify([account, service]);
  return stringify([...decisions].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.at < b.at ? -1 : 1)));
}

/** What was decided about a line as it stands on a day: the last decision about these numbers that has not run out. */
export function decisionAbout(line: Line, decisions: readonly LineDecision[], today: string): LineDecision | undefined {
  const about = decisions.filter(
    ({ account, service, billed, used, until }) =>
      account === line.account &&
      service === line.service &&
      billed === (line.billed ?? 0) &&
      used === line.used &&
      (until === undefined || until >= today),
  );
  // Whatever order people leave them in.
  return about.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1);
}
