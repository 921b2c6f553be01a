import { escapeMarkdown } from "../program/escapeMarkdown.ts";
import { alignTable } from "../program/lists/alignTable.ts";
import { listSome } from "../program/lists/listSome.ts";
import { onOneLine } from "../provider/essentials/errors.ts";
import type { LineDecision } from "./decisions.ts";
import { tellAmount } from "./money.ts";
import { quoteCsv } from "./quoteCsv.ts";
import type { Line, Reconciliation } from "./reconcile.ts";

export const formats = ["table", "csv", "json", "markdown"] as const;
export type Format = (typeof formats)[number];

const columns = [
  "account",
  "package",
  "billed",
  "used",
  "bought",
  "delta",
  "amount",
  "kind",
  "effective",
  "decision",
  "organisations",
] as const;

/** A reconciliation for people or for another program. @param currency of the amounts, where there are any */
export function renderReconciliation(
  reconciliation: Reconciliation,
  format: Format,
  currency: string | undefined,
  decisionOn: (line: Line) => LineDecision | undefined,
): string {
  const { lines, excluded } = reconciliation;
  if (format === "json") {
    const decided = lines.map((line) => ({ ...line, decision: decisionOn(line) }));
    return `${JSON.stringify({ ...reconciliation, lines: decided, ...(currency && { currency }) }, null, 2)}\n`;
  }
  const rows = lines.map((line) => cells(line, format === "csv" ? undefined : currency, decisionOn(line)).map(onOneLine));
  // A program that reads it needs what tells two customers of one name apart.
  const ids = lines.map(({ account, service, isUnsure }) => [account, service, currency ?? "", isUnsure ? "unsure" : ""]);
  if (format === "csv")
    return [[...columns, "accountId", "service", "currency", "certainty"], ...rows.map((row, at) => [...row, ...(ids[at] ?? [])])]
      .map((row) => `${quoteCsv(row.map(csvCell))}\r\n`)
      .join("");
  const left = excluded.map(({ organisation, seats, cause }) => onOneLine(`${organisation}: ${seats} seats not billed, ${cause}`));
  if (format === "markdown") {
    const table = [columns, columns.map(() => "---"), ...rows].map((row) => `| ${row.map(escapeMarkdown).join(" | ")} |`);
    return [...table, "", ...left.map((text) => `- ${escapeMarkdown(text)}`), "", total(reconciliation, currency), ""].join("\n");
  }
  const shown = rows.map((row) => row.slice(0, -1));
  const headings = columns.slice(0, -1);
  const table = alignTable([headings, ...shown], (column) => column >= 2 && column <= 6);
  return [...table, ...(left.length > 0 ? ["", ...left] : []), "", total(reconciliation, currency), ""].join("\n");
}

function cells(line: Line, currency: string | undefined, decided: LineDecision | undefined): string[] {
  const { accountName, billed, used, bought, delta, amount, kind, effective, organisations } = line;
  const money = amount === undefined ? "" : currency === undefined ? (amount / 100).toFixed(2) : tellAmount(amount, currency);
  const count = (value: number | undefined) => (value === undefined ? "" : String(value));
  return [
    accountName,
    line.package,
    count(billed),
    String(used),
    count(bought),
    String(delta),
    money,
    kind,
    decided?.effective ?? effective,
    tell(decided),
    organisations.join(" "),
  ];
}

function tell(decided: LineDecision | undefined): string {
  if (!decided) return "";
  const { decision, by, reason, until } = decided;
  return `${decision} by ${by}${until === undefined ? "" : ` until ${until}`}: ${reason}`;
}

function total({ lines }: Reconciliation, currency: string | undefined): string {
  const sum = (of: (line: Line) => number) => lines.reduce((all, line) => all + of(line), 0);
  const amount = sum((line) => line.amount ?? 0);
  const unpriced = new Set(lines.filter((line) => line.amount === undefined).map((line) => line.package));
  const without = unpriced.size === 0 ? "" : `, without ${[...unpriced].join(", ")}: there is no price for it`;
  const worth = currency === undefined ? "" : `, ${tellAmount(amount, currency)} a month${without}`;
  const unsure = lines.filter(({ isUnsure }) => isUnsure).map(({ accountName, package: name }) => `${accountName} ${name}`);
  const doubt =
    unsure.length === 0
      ? ""
      : ` Nobody knows whether the last count was taken of ${listSome(unsure)}: the most that may be billed is shown, and the next push sends it again.`;
  return `${lines.length} lines: ${sum(({ billed }) => billed ?? 0)} seats billed, ${sum(({ used }) => used)} used, delta ${sum(({ delta }) => delta)}${worth}.${doubt}`;
}

/** A spreadsheet would run a cell that begins like a formula. */
function csvCell(cell: string): string {
  return /^[=+@\t]|^-(?!\d+(\.\d+)?$)/.test(cell) ? `'${cell}` : cell;
}
