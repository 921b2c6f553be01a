/** What HR says about a person, from the safest to the most drastic to act on. */
export const evidences = ["active", "leave", "pending", "unknown", "terminated"] as const;
export type Evidence = (typeof evidences)[number];

/** HR's status words, as real systems write them. `inactive` is missing on purpose: systems disagree about it. */
const words: Readonly<Record<Exclude<Evidence, "unknown">, readonly string[]>> = {
  active: ["active", "employed", "a", "on probation", "hired"],
  leave: ["leave", "on leave", "l", "loa"],
  pending: ["pending", "pre-hire", "accepted"],
  terminated: ["terminated", "t", "deceased", "d", "retired", "resigned", "released", "r", "separated", "former"],
};

const meaning = new Map<string, Evidence>(
  Object.entries(words).flatMap(([evidence, list]) => list.map((word) => [word, evidence as Evidence] as const)),
);

/** A word that is not in the table is `unknown`: nothing is done to its owner, and it is reported. */
export function readStatus(word: string): Evidence {
  return meaning.get(word.trim().replace(/\s+/g, " ").toLowerCase()) ?? "unknown";
}

/** The safer of two answers about one person: nobody loses an account to the order of rows. */
export function saferEvidence(a: Evidence, b: Evidence): Evidence {
  return evidences.indexOf(a) <= evidences.indexOf(b) ? a : b;
}
