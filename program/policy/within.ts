import { foldAddress } from "../../provider/essentials/address.ts";

/** RFC 5321. */
const longestLocalPart = 64;
/** A shorter one is the end of too many others. */
const shortestSlip = 3;

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

export function localPartOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf("@")));
}

/** A domain in the form addresses have theirs. */
export function foldDomain(domain: string): string {
  return domainOf(foldAddress(`@${domain}`));
}

/** Everything in a text that could be an address of one of these domains. */
export function* addressesWithin(text: string, domains: ReadonlySet<string>): Generator<string> {
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const rest = text.slice(at + 1);
    for (const domain of domains) {
      if (!rest.startsWith(domain)) continue;
      for (let from = at - 1; from >= Math.max(0, at - longestLocalPart); from--) yield `${text.slice(from, at)}@${domain}`;
    }
  }
}

/** What an address may be a slip for: it without a beginning that came from the cell before, or without a `+tag`. */
export function* shorterAddresses(address: string): Generator<string> {
  const at = address.lastIndexOf("@");
  const plus = address.indexOf("+");
  if (plus > 0 && plus < at) yield address.slice(0, plus) + address.slice(at);
  for (let from = 1; from <= at - shortestSlip; from++) yield address.slice(from);
}
