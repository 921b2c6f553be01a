import { createHash } from "node:crypto";
import { foldAddress } from "../../provider/essentials/address.ts";

/** Where an address stands between 0 and 100, for ever and in every organisation: an order nobody chose. */
export function placeOf(email: string): number {
  const hash = createHash("sha256").update(foldAddress(email)).digest();
  return (hash.readUInt32BE(0) / 2 ** 32) * 100;
}
