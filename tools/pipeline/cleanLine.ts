/**
 * One line of output for the log of a pipeline. Pulumi prints a secret of the stack where a saved plan does not fit, and
 * runners obey what looks like a command, which could stand in HR's data.
 */
export function cleanLine(line: string, secrets: readonly string[]): string {
  const hidden = secrets.filter(({ length }) => length >= 4).reduce((text, secret) => text.replaceAll(secret, "[secret]"), line);
  // A runner's command is `##vso[` or `##[` anywhere in a line, `::` at its beginning.
  return hidden.replace(/#(?=#(vso)?\[)/gi, "#\u200b").replace(/^(\s*:)(?=:)/, "$1\u200b");
}
