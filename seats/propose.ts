import type { Counted } from "./counted.ts";
import { packageKey } from "./package.ts";

/** A customer as the billing side knows it. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** Where the billing side has one. */
  readonly domain?: string;
  /** Whether its counts are billed to somebody there; absent where the billing side does not say. */
  readonly isMapped?: boolean | undefined;
}

export interface Near {
  readonly account: Account;
  /** From 0 to 1: how much of the two names is the same. */
  readonly score: number;
}

/** What the names say about one organisation. */
export interface Proposal {
  readonly organisation: Counted;
  /** By the same name, or the same domain, and by nobody else's. */
  readonly exact?: Account;
  /** The likeliest first; for a person to decide. */
  readonly near: readonly Near[];
}

const nearFrom = 0.6;
const mostNear = 3;
/** Forms of company at a name's end, which one side writes and the other does not. */
const forms = new Set(
  "and inc incorporated llc ltd limited gmbh ag kg corp corporation co company plc sa sarl sas spa srl bv nv pty oy".split(" "),
);

/** `Acme, Inc.` and `ACME` are one name, and so are `Acme GmbH & Co. KG` and `Acme G.m.b.H.`. */
export function normalName(name: string): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("&", " and ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    // Letters alone are one word: j p morgan, g m b h.
    .replace(/(?<=^| )(\p{L}) (?=\p{L}(?: |$))/gu, "$1")
    .split(" ");
  return words.slice(0, words.findLastIndex((word) => !forms.has(word)) + 1).join(" ");
}

export interface Known {
  /** Every organisation there is: a name two of them have says nothing. */
  readonly counted: readonly Counted[];
  /** Accounts that are somebody's already. */
  readonly taken: ReadonlySet<string>;
}

/** The services that bear a package's name: more than one is none. */
export function findServices<T extends { readonly name: string }>(services: readonly T[], name: string): readonly T[] {
  return services.filter((service) => packageKey(service.name) === name);
}

/** Proposes an account for each organisation. Two that could be meant are none: nobody is billed for somebody else by a coin toss. */
export function propose(organisations: readonly Counted[], accounts: readonly Account[], known: Known): readonly Proposal[] {
  const byName = Map.groupBy(accounts, ({ name }) => normalName(name));
  const byDomain = Map.groupBy(
    accounts.filter(({ domain }) => domain),
    ({ domain = "" }) => domain.toLowerCase(),
  );
  const names = Map.groupBy(known.counted, ({ name }) => normalName(name));
  const proposals = organisations.map((organisation): Proposal => {
    const name = normalName(organisation.name);
    // A domain that is another one speaks against the name.
    const fits = ({ domain }: Account) => !domain || domain.toLowerCase() === organisation.domain;
    const sameName = names.get(name)?.length === 1 && name !== "" ? (byName.get(name) ?? []).filter(fits) : [];
    const same = new Set([...(byDomain.get(organisation.domain) ?? []), ...sameName]);
    const [exact] = same;
    if (exact && same.size === 1 && !known.taken.has(exact.id)) return { organisation, exact, near: [] };
    const near = accounts
      .map((account) => ({ account, score: same.has(account) ? 1 : similarity(name, normalName(account.name)) }))
      .filter(({ score }) => score >= nearFrom)
      .sort((a, b) => b.score - a.score || (a.account.name < b.account.name ? -1 : 1));
    return { organisation, near: near.slice(0, mostNear) };
  });
  // An account two organisations could mean is nobody's before a person has said so.
  const claims = proposals.flatMap(({ exact, near }) => [...(exact ? [exact] : []), ...near.filter(isSame).map(({ account }) => account)]);
  const wanted = Map.groupBy(claims, ({ id }) => id);
  return proposals.map((proposal): Proposal => {
    const { organisation, exact } = proposal;
    if (!exact || wanted.get(exact.id)?.length === 1) return proposal;
    return { organisation, near: [{ account: exact, score: 1 }] };
  });
}

function isSame({ score }: Near): boolean {
  return score === 1;
}

/** Dice's coefficient of the pairs of letters. */
export function similarity(a: string, b: string): number {
  const [pairsA, pairsB] = [pairs(a), pairs(b)];
  if (pairsA.length + pairsB.length === 0) return a === b ? 1 : 0;
  const left = new Map<string, number>();
  for (const pair of pairsB) left.set(pair, (left.get(pair) ?? 0) + 1);
  let shared = 0;
  for (const pair of pairsA) {
    const count = left.get(pair) ?? 0;
    if (count === 0) continue;
    left.set(pair, count - 1);
    shared += 1;
  }
  return (2 * shared) / (pairsA.length + pairsB.length);
}

function pairs(text: string): string[] {
  return Array.from({ length: Math.max(text.length - 1, 0) }, (_, at) => text.slice(at, at + 2));
}
