import { foldAddress } from "../../provider/essentials/address.ts";

/** Whether a pattern matches one of some folded addresses as a whole; `*` stands for any run of characters. */
export function compilePattern(pattern: string): (addresses: readonly string[]) => boolean {
  const folded = foldAddress(pattern);
  return (addresses) => addresses.some((address) => matchesPattern(folded, address));
}

function matchesPattern(pattern: string, address: string): boolean {
  const parts = pattern.split("*");
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return pattern === address;
  if (!address.startsWith(first) || !address.endsWith(last) || address.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = address.indexOf(part, from);
    if (found < 0 || found + part.length > address.length - last.length) return false;
    from = found + part.length;
  }
  return true;
}
