/** Words from HR and from the API are text: never markup, a link, or a mention that calls people to a pull request. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*{}[\]<>#|~&]|(?<!\w)_|_(?!\w)|^[-+](?=\s)|(?<=^\d+)[.)]|(?<=\bwww)\./g, "\\$&")
    .replaceAll("://", ":\\/\\/")
    .replace(/(?<![\p{L}\p{N}])@|@(?![\p{L}\p{N}])/gu, "(at)");
}
