import { domainToASCII } from "node:url";

/**
 * The one form in which two spellings of an e-mail address are compared: trimmed, Unicode-normalised, lower case,
 * the domain in its ASCII form. Proofpoint Essentials matches without case and keeps the case it was given, so
 * addresses are folded to compare them and shown as the account stores them.
 */
export function foldAddress(address: string): string {
  const folded = address.trim().normalize("NFC").toLowerCase();
  const at = folded.lastIndexOf("@");
  if (at < 0 || isAscii(folded)) return folded;
  const domain = folded.slice(at + 1);
  return `${folded.slice(0, at)}@${domainToASCII(domain) || domain}`;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
