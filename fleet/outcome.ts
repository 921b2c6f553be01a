import { alignTable } from "../program/lists/alignTable.ts";

/** What became of one organisation in a run over the fleet. */
export interface Outcome {
  readonly stack: string;
  /** The exit status of its process; absent where the run was interrupted before its turn. */
  readonly code?: number;
  readonly seconds: number;
  /** What it was run with: another configuration is another run. */
  readonly config: string;
  /** The first thing that was wrong, as its output says it. */
  readonly why?: string;
  /** From its report; absent where it did not get so far. */
  readonly figures?: Figures;
}

export interface Figures {
  readonly toFunctional: number;
  readonly toEndUser: number;
  readonly problems: number;
  readonly violations: number;
  readonly seats: number;
  readonly seatsAfter: number;
}

/** The parts of a JSON report that a table over many organisations shows. */
export function toFigures(report: {
  readonly summary: { readonly toFunctional: number; readonly toEndUser: number; readonly problems: number };
  readonly violations: readonly unknown[];
  readonly seats: { readonly used: number; readonly after: number };
}): Figures {
  const { summary, violations, seats } = report;
  return {
    toFunctional: summary.toFunctional,
    toEndUser: summary.toEndUser,
    problems: summary.problems,
    violations: violations.length,
    seats: seats.used,
    seatsAfter: seats.after,
  };
}

/** The first error in what a command said, where it says one. */
export function findError(output: string): string | undefined {
  // A configuration's first line says that it has problems, and the next one which.
  const [, error, key = "", problem] = /\berror: (.+)(?:\n +(proofpoint:.+))?|^problem +(.+)/m.exec(output) ?? [];
  return (error === undefined ? problem : `${error} ${key}`)?.trim().slice(0, mostWords);
}

const mostWords = 240;
const headings = ["stack", "to functional", "to end user", "seats", "after", "to look at", "limits", "result", "seconds"] as const;

/** One table for all, those that failed first. */
export function renderTable(outcomes: readonly Outcome[]): string {
  const sorted = [...outcomes].sort((a, b) => Number(b.code !== 0) - Number(a.code !== 0) || (a.stack < b.stack ? -1 : 1));
  const rows = sorted.map(({ stack, code, seconds, figures }) => [
    stack,
    ...(figures
      ? [figures.toFunctional, figures.toEndUser, figures.seats, figures.seatsAfter, figures.problems, figures.violations].map(String)
      : Array<string>(6).fill("")),
    code === undefined ? "not run" : code === 0 ? "ok" : `failed (${code})`,
    seconds.toFixed(1),
  ]);
  const reasons = sorted.flatMap(({ stack, why }) => (why === undefined ? [] : [`${stack}: ${why}`]));
  const table = alignTable([headings, ...rows], (column) => column !== 0 && column !== 7);
  return [...table, "", ...reasons, ...(reasons.length > 0 ? [""] : []), total(outcomes)].join("\n");
}

function total(outcomes: readonly Outcome[]): string {
  // What a failed one would have changed is in its row; the sums are of those that did what they said.
  const done = outcomes.filter(({ code }) => code === 0);
  const sum = (of: (figures: Figures) => number) => done.reduce((all, { figures }) => all + (figures ? of(figures) : 0), 0);
  const skipped = outcomes.filter(({ code }) => code === undefined).length;
  const failed = outcomes.length - done.length - skipped;
  const [before, after] = [sum(({ seats }) => seats), sum(({ seatsAfter }) => seatsAfter)];
  // A check-up changes nothing, and counts nothing.
  const isCounted = outcomes.some(({ figures }) => figures);
  const changes = `${sum(({ toFunctional }) => toFunctional)} to functional_account, ${sum(({ toEndUser }) => toEndUser)} to end_user`;
  return (
    `${outcomes.length} organisations: ${isCounted ? `${changes}, ${before} seats, ${after} after; ` : ""}` +
    `${failed} failed${skipped > 0 ? `, ${skipped} not run` : ""}.`
  );
}
