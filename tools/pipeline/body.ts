import { stripVTControlCharacters } from "node:util";

/** What became of one stack in a pipeline's run. */
export interface Outcome {
  readonly stack: string;
  /** The exit status of Pulumi. */
  readonly code: number;
  /** The report as Markdown, where the run got so far. */
  readonly report: string | undefined;
  /** What of it a pipeline decides by. */
  readonly facts?: { readonly violations: number; readonly waiting: number; readonly conflicts: number };
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
  return [heading, ...(code === 0 ? [] : [asBlock(tellErrors(said))]), ...(report === undefined ? [] : [report.trim()])].join("\n\n");
}

const mostOfErrors = 4_000;

/** Every error in Pulumi's diagnostics, which hold the report as well; or the end of what was said, where there is none. */
export function tellErrors(said: string): string {
  const lines = stripVTControlCharacters(said).replaceAll("\r", "").split("\n");
  const diagnostics = lines.slice(lines.lastIndexOf("Diagnostics:") + 1);
  let within = false;
  const errors = diagnostics.filter((line) => {
    if (/^\s*error: /.test(line)) within = true;
    else if (/^\s*(warning|info|debug): /.test(line) || /^ {0,2}\S/.test(line) || line === "") within = false;
    return within;
  });
  const text = (errors.length > 0 ? errors : lines.slice(-40)).join("\n").trim();
  return errors.length > 0 ? text.slice(0, mostOfErrors) : text.slice(-mostOfErrors);
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
  return `${whole.slice(0, whole.lastIndexOf("\n"))}\n\n… cut here; the whole report is with the artifacts of this run.`;
}
