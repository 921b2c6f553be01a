import { stripVTControlCharacters } from "node:util";

/** What became of one stack in a pipeline's run. */
export interface Outcome {
  readonly stack: string;
  /** The exit status of Pulumi. */
  readonly code: number;
  /** The report as Markdown, where the run got so far. */
  readonly report: string | undefined;
  /** What Pulumi printed. */
  readonly said: string;
}

/** A comment on GitHub takes 65,536 characters, one on Azure DevOps 150,000. */
const mostCharacters = 60_000;

/** The text for people about one or more stacks, as Markdown. */
export function describeOutcomes(outcomes: readonly Outcome[], source: string): string {
  const each = Math.floor(mostCharacters / Math.max(outcomes.length, 1));
  return [...outcomes.map((outcome) => cut(describe(outcome), each)), `_${source}_`].join("\n\n---\n\n");
}

function describe({ stack, code, report, said }: Outcome): string {
  const heading = `**Stack \`${stack}\`**${code === 0 ? "" : `: Pulumi ended with ${code}`}`;
  return [heading, ...(report === undefined ? [] : [report.trim()]), ...(code === 0 ? [] : [asBlock(tellErrors(said))])].join("\n\n");
}

/** What Pulumi says at the end: its diagnostics, which name every failure. */
export function tellErrors(said: string): string {
  const text = stripVTControlCharacters(said).replaceAll("\r", "");
  const from = Math.max(text.lastIndexOf("\nDiagnostics:"), 0);
  return text.slice(from).trim().slice(0, 4_000);
}

/** Text in which nothing is markup, whatever is in it. */
function asBlock(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const whole = text.slice(0, most);
  return `${whole.slice(0, whole.lastIndexOf("\n"))}\n\n… cut here; the whole report is with this run.`;
}
