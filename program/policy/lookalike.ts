/** Letters of other scripts that look like Latin ones, and the Latin ones. */
const strange = "асеһіјӏоԛрѕԁԝхуɡıɑαικνορτυχ";
const plain = "acehijloqpsdwxygiaaikvoptux";
const looksLike = new Map(Array.from(strange).map((letter, index) => [letter, plain[index] ?? letter]));

/**
 * The ASCII address another one looks like: `јоhn@` in Cyrillic for `john@`, `müller@` for `muller@`. Undefined for one
 * that is plain already, or that looks like none.
 */
export function plainAddress(address: string): string | undefined {
  if (/^\p{ASCII}*$/u.test(address)) return undefined;
  const letters = Array.from(address.normalize("NFKD").replace(/\p{M}/gu, ""))
    .map((letter) => looksLike.get(letter) ?? letter)
    .join("");
  return /^\p{ASCII}*$/u.test(letters) ? letters : undefined;
}
