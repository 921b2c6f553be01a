/** What was typed cannot be meant; nothing was done. */
export class UsageError extends Error {}

interface Token {
  readonly kind: string;
  readonly name?: string;
}

/**
 * An option of another command says that something else was meant.
 * @param tokens of `parseArgs`
 * @throws UsageError
 */
export function refuseStrangers(command: string, tokens: readonly Token[], known: readonly string[]): void {
  const strangers = tokens.flatMap(({ kind, name }) =>
    kind === "option" && name !== undefined && !known.includes(name) ? [`--${name}`] : [],
  );
  if (strangers.length > 0) throw new UsageError(`${command} has no ${strangers.join(" and no ")}; nothing was done.`);
}
