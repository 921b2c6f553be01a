/** Names that stand in a list more than once. */
export function doubles(names: readonly string[]): string[] {
  return [...Map.groupBy(names, (name) => name)].filter(([, each]) => each.length > 1).map(([name]) => name);
}
