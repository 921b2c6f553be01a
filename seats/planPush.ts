import { createHash } from "node:crypto";
import type { Line, Reconciliation } from "./reconcile.ts";

/** A count to be set. */
export interface Count {
  readonly account: string;
  readonly service: string;
  /** What people call the two: `Acme (us1/1042), Professional`. */
  readonly title: string;
  readonly seats: number;
  /** What stands there; absent where nothing does, or where nobody knows. */
  readonly before?: number;
}

export interface PushPlan {
  readonly counts: readonly Count[];
  /** Zeros the other side does not take: what stands there is stale, and has to be corrected by hand. */
  readonly stale: readonly Count[];
  /** Why it must not be sent without an approval; empty where it may. */
  readonly violations: readonly string[];
  /** Stands for what every count would be after this push: an approval is of exactly that. */
  readonly code: string;
}

const mostShrinkPercent = 20;
/** Of a few seats, one is soon more than a fifth. */
const leastShrink = 5;

/**
 * What differs from what is billed: each line, and a zero for each that nothing is left of. What falls goes first: a package
 * that was changed is then never billed twice, wherever a push is cut off. Pure.
 * @param takesZero whether the other side takes a count of 0
 * @param pushes how many have come to their end: an approval is of the next one
 */
export function planPush({ lines }: Pick<Reconciliation, "lines">, { takesZero = true, pushes = 0 } = {}): PushPlan {
  const changed = lines.filter(({ billed, used, isUnsure }) => billed !== used || isUnsure);
  const stays = (line: Line) => !takesZero && line.used === 0;
  const falls = (line: Line) => line.used < (line.billed ?? 0);
  const moving = changed.filter((line) => !stays(line));
  return {
    counts: [...moving.filter(falls), ...moving.filter((line) => !falls(line))].map(toCount),
    stale: changed.filter((line) => stays(line) && (line.isUnsure || (line.billed ?? 0) > 0)).map(toCount),
    violations: findShrinks(lines.map((line) => (stays(line) ? { ...line, used: line.billed ?? 0 } : line))),
    code: hashLines(lines, pushes),
  };
}

export function toCount({ account, accountName, service, package: name, used, billed, isUnsure }: Line): Count {
  return {
    account,
    service,
    title: `${titleOf(accountName, account)}, ${name}`,
    seats: used,
    ...(billed !== undefined && !isUnsure && { before: billed }),
  };
}

function titleOf(name: string, account: string): string {
  return name === account ? account : `${name} (${account})`;
}

/** Counts that fall are money that goes: a read that was not whole looks like that. Rises elsewhere make up for nothing. */
function findShrinks(lines: readonly Line[]): readonly string[] {
  const total = sum(lines, ({ billed = 0 }) => billed);
  const falls = [...Map.groupBy(lines, ({ account }) => account)].flatMap(([account, each]) => {
    const [before, after] = [sum(each, ({ billed = 0 }) => billed), sum(each, ({ used }) => used)];
    return after < before ? [{ account, name: each[0]?.accountName ?? account, before, after }] : [];
  });
  const lost = sum(falls, ({ before, after }) => before - after);
  const deep = falls.filter(
    ({ before, after }) => after === 0 || (before - after >= leastShrink && (before - after) * 100 > mostShrinkPercent * before),
  );
  return [
    ...(lost * 100 > mostShrinkPercent * total ? [`${lost} of ${total} seats would go, more than ${mostShrinkPercent} %.`] : []),
    ...deep.map(({ account, name, before, after }) => `${titleOf(name, account)} would fall from ${before} to ${after}.`),
  ];
}

function sum<T>(list: readonly T[], of: (each: T) => number): number {
  return list.reduce((all, each) => all + of(each), 0);
}

/** Of what would stand at the end. A push that was cut off and goes on leads to the same, so that its approval still counts. */
function hashLines(lines: readonly Line[], pushes: number): string {
  const standing = lines.filter(({ used }) => used > 0);
  const counts = standing.map((line) => JSON.stringify([line.account, line.package, line.used])).sort();
  return createHash("sha256")
    .update([pushes, ...counts].join("\n"))
    .digest("hex")
    .slice(0, 8);
}
