import type { Decision } from "./policy/decision.ts";
import { isChange } from "./policy/decision.ts";
import { onOneLine } from "../provider/essentials/errors.ts";
import { escapeMarkdown } from "./escapeMarkdown.ts";
import { tellSeats } from "../seats/tellSeats.ts";
import type { Group, Report } from "./report.ts";

/** A list longer than this is folded on the console and in Markdown; JSON has everybody. */
const foldAfter = 20;

interface Section {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** The report as lines for people: the same on the console and in Markdown. */
function sections(report: Report): Section[] {
  return contents(report).map(({ heading, lines }) => ({ heading: onOneLine(heading), lines: lines.map(onOneLine) }));
}

function contents(report: Report): Section[] {
  const { summary, approved } = report;
  return [
    {
      heading: `${report.organisation}: ${headline(report)}`,
      lines: [
        ...report.notes,
        `${summary.users} users, ${summary.managed} managed, ${summary.unmanaged} not managed.`,
        `${summary.toFunctional} to functional_account, ${summary.toEndUser} to end_user, ${summary.held} held, ${summary.managed - summary.toFunctional - summary.toEndUser - summary.held} already right.`,
        ...tellSeats(report.seats),
      ],
    },
    ...report.changes.map((group) => section("Change", group)),
    ...report.held.map((group) => section("Held", group)),
    ...report.unmanaged.map((group) => section("Not managed", group)),
    ...list("An up would stop: this stack follows another one (proofpoint:promotesFrom)", report.unpromoted),
    ...list(`To look at (${report.problems.length})`, report.problems),
    ...list(
      approved
        ? `Over a limit, approved by ${approved.by} until ${approved.until}: ${approved.reason} (${report.violations.length})`
        : `Stopped by a limit (${report.violations.length})`,
      report.violations.map(({ key, message }) => `${message} (${key})`),
    ),
  ];
}

function headline({ summary }: Report): string {
  const changes = summary.toFunctional + summary.toEndUser;
  return changes === 0 ? "no changes" : changes === 1 ? "1 change" : `${changes} changes`;
}

function section(kind: string, { title, decisions }: Group): Section {
  return { heading: `${kind}: ${title} (${decisions.length})`, lines: fold(decisions.map(describe)) };
}

function list(heading: string, lines: readonly string[]): Section[] {
  return lines.length === 0 ? [] : [{ heading, lines: fold(lines) }];
}

function describe(decision: Decision): string {
  const { email, have, want, reason } = decision;
  return isChange(decision) ? `${email}: ${have} → ${want}: ${reason}` : `${email} ${reason}`;
}

function fold(lines: readonly string[]): readonly string[] {
  return lines.length <= foldAfter ? lines : [...lines.slice(0, foldAfter), `… and ${lines.length - foldAfter} more`];
}

export function renderConsole(report: Report): string {
  return sections(report)
    .map(({ heading, lines }) => [heading, ...lines.map((line) => `  ${line}`)].join("\n"))
    .join("\n\n");
}

export function renderMarkdown(report: Report): string {
  return sections(report)
    .map(
      ({ heading, lines }, index) =>
        `${index === 0 ? "#" : "##"} ${escapeMarkdown(heading)}\n\n${lines.map((line) => `- ${escapeMarkdown(line)}\n`).join("")}`,
    )
    .join("\n");
}

/** The whole report, nobody left out. What a terminal would obey is escaped, so that the file can be shown as it is. */
export function renderJson(report: Report): string {
  const json = JSON.stringify(report, null, 2);
  return `${json.replace(/[\x7F-\x9F\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  )}\n`;
}
