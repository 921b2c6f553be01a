/** The first few of a list for a sentence, and how many there are in all. */
export function listSome(items: readonly string[], most = 5): string {
  return items.length <= most ? items.join(", ") : `${items.slice(0, most).join(", ")}, … ${items.length} in all`;
}
