import { encode } from "../program/hr/csv/encode.ts";
import type { BillingSide } from "./billingSide.ts";
import { quoteCsv } from "./quoteCsv.ts";
import type { Reconciliation } from "./reconcile.ts";
import { ExportError, type Export } from "./readExport.ts";

/**
 * Every count for a billing system to read in, in the form and the columns of its own export and with its own names: each
 * contract line, and a zero for each that nothing is left of.
 */
export function renderCounts(
  { lines }: Pick<Reconciliation, "lines">,
  side: Pick<BillingSide, "accounts" | "services" | "form">,
  billing: Export,
): Buffer {
  const { columns, source } = billing;
  const names = new Map(side.accounts.map(({ id, name }) => [id, name]));
  const services = new Map(side.services.map(({ id, name }) => [id, name]));
  const rows = lines.map(({ account, service, used }) => ({
    ...(columns.accountId !== undefined && { [columns.accountId]: account }),
    [columns.account]: names.get(account) ?? account,
    [columns.service]: services.get(service) ?? service,
    [columns.seats]: used,
  }));
  if (source === "json") return inForm(`${JSON.stringify(rows, null, 2)}\n`, side);
  const { accountId, account, service, seats } = columns;
  // An export may have one column for both, the name of a customer and what tells it from others.
  const heading = [...new Set([accountId ?? account, account, service, seats])];
  const table = [heading, ...rows.map((row) => heading.map((column) => String(row[column])))];
  return inForm(table.map((cells) => `${quoteCsv(cells, side.form?.delimiter)}\r\n`).join(""), side);
}

/** In the letters of the export, or else what it is read in with would not find its customers. */
function inForm(text: string, { form }: Pick<BillingSide, "form">): Buffer {
  if (!form) return Buffer.from(text);
  const bytes = encode(text, form.encoding, form.hasMark);
  if (!bytes) throw new ExportError(`Counts have letters that ${form.encoding}, the encoding of the export, has not. Export it as UTF-8.`);
  return bytes;
}
