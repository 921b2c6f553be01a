/** A word of HR's, made fit to stand in a sentence: one line, no control characters, not long. */
export function quote(word: string | undefined): string {
  const clean = (word ?? "").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return `"${clean.length > 40 ? `${clean.slice(0, 40)}…` : clean}"`;
}
