import { foldAddress } from "../../provider/essentials/address.ts";

/** What HR systems write into the address of somebody without a mailbox. */
const noAddress = new Set(["", "-", "n/a", "na", "none", "null"]);

/**
 * A local part, and a domain of at least two labels. Strict, because whatever is let through and is not the owner's
 * address makes the owner a leaver: no invisible or lost characters, no quotes around it, no dot at its end.
 */
const local = '[^\\s@<>,;:"()\\[\\]\\\\\\p{Cc}\\p{Cf}\uFFFD]+';
const label = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}-]*[\\p{L}\\p{N}\\p{M}])?";
const addressForm = new RegExp(`^(?!['=])${local}@${label}(?:\\.${label})+$`, "u");

/** @returns the folded address; undefined where there is none; null where something stands there that is none */
export function readAddress(cell: string): string | undefined | null {
  const folded = foldAddress(cell);
  if (noAddress.has(folded)) return undefined;
  return addressForm.test(folded) ? folded : null;
}
