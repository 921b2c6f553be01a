/** A row of a CSV file (RFC 4180), without the end of the line. */
export function quoteCsv(cells: readonly string[], delimiter = ","): string {
  const isPlain = (cell: string) => !/["\r\n]/.test(cell) && !cell.includes(delimiter);
  return cells.map((cell) => (isPlain(cell) ? cell : `"${cell.replaceAll('"', '""')}"`)).join(delimiter);
}
