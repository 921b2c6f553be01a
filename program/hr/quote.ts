/** A word from outside, made fit to stand in a sentence: one line, no control characters, not long. */
export function quote(word: string | undefined, longest = 40): string {
  const clean = (word ?? "").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return `"${clean.length > longest ? `${clean.slice(0, longest)}…` : clean}"`;
}
