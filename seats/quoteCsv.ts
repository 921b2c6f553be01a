/** A row of a CSV file (RFC 4180), without the end of the line. */
export function quoteCsv(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
}
