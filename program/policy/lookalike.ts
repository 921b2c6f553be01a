/** Letters beyond ASCII, and the ASCII ones each can be taken for, in lower or upper case. */
const looksLike: Readonly<Record<string, string>> = {
  ...{ а: "a", в: "[bv]", г: "r", ԁ: "d", е: "e", ѕ: "s", і: "i", ј: "j", к: "k", ӏ: "[li]", м: "m", н: "[hn]", о: "o", р: "p" },
  ...{ ԛ: "q", с: "c", т: "t", у: "[yu]", ԝ: "w", х: "x", һ: "h", ь: "b", п: "n", и: "u" },
  ...{ α: "a", β: "b", ε: "e", ζ: "z", η: "[hn]", ι: "i", κ: "k", μ: "[mu]", ν: "[vn]", ο: "o", ρ: "p", τ: "t", υ: "[uy]", χ: "x", γ: "y" },
  ...{ ı: "i", ɑ: "a", ɡ: "g", ł: "l", ø: "oe?", đ: "d", ð: "d", ß: "(?:ss|b)", æ: "ae?", œ: "oe", þ: "(?:th|p)", ŋ: "n", ħ: "h" },
};

/**
 * What an address with letters beyond ASCII can be taken for: `тom@` in Cyrillic for `tom@`, `müller@` for `muller@` or
 * `mueller@`. A letter nobody knows stands for any one or two. Undefined where there is nothing to go by: an address that
 * is plain, or hardly has a letter that looks like one.
 */
export function lookalikesOf(address: string): RegExp | undefined {
  if (/^\p{ASCII}*$/u.test(address)) return undefined;
  let unknown = 0;
  const letters = Array.from(address.normalize("NFC"));
  const pattern = letters.map((letter) => {
    if (/\p{ASCII}/u.test(letter)) return letter.replace(/[^\w@]/, "\\$&");
    const plain = letter.normalize("NFKD").replace(/\p{M}/gu, "");
    if (/^[\p{ASCII}]+$/u.test(plain)) return plain.replace(/[^\w@]/g, "\\$&") + ("aou".includes(plain) ? "e?" : "");
    const like = looksLike[plain];
    if (like === undefined) unknown++;
    return like ?? ".{1,2}";
  });
  return unknown * 2 > letters.indexOf("@") ? undefined : new RegExp(`^${pattern.join("")}$`, "u");
}
