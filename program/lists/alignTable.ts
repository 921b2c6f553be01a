/**
 * Rows as lines of a table, two blanks between columns.
 * @param isNumber whether a column, counted from 0, is of numbers: those stand to the right
 */
export function alignTable(rows: readonly (readonly string[])[], isNumber: (column: number) => boolean = () => false): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const align = (cell: string, column: number) =>
    isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(align).join("  ").trimEnd());
}
