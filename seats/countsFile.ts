import type { BillingSide } from "./billingSide.ts";
import { quoteCsv } from "./quoteCsv.ts";
import type { Reconciliation } from "./reconcile.ts";
import type { Export } from "./readExport.ts";

/**
 * Every count for a billing system to read in, in the columns of its own export and with its own names: each contract line,
 * and a zero for each that nothing is left of.
 */
export function renderCounts(
  { lines }: Pick<Reconciliation, "lines">,
  side: Pick<BillingSide, "accounts" | "services">,
  billing: Export,
): string {
  const { columns, source } = billing;
  const names = new Map(side.accounts.map(({ id, name }) => [id, name]));
  const services = new Map(side.services.map(({ id, name }) => [id, name]));
  const rows = lines.map(({ account, service, used }) => ({
    ...(columns.accountId !== undefined && { [columns.accountId]: account }),
    [columns.account]: names.get(account) ?? account,
    [columns.service]: services.get(service) ?? service,
    [columns.seats]: used,
  }));
  if (source === "json") return `${JSON.stringify(rows, null, 2)}\n`;
  const { accountId, account, service, seats } = columns;
  // An export may have one column for both, the name of a customer and what tells it from others.
  const heading = [...new Set([accountId ?? account, account, service, seats])];
  return [heading, ...rows.map((row) => heading.map((column) => String(row[column])))].map((cells) => `${quoteCsv(cells)}\r\n`).join("");
}
