/** What a status word means by itself, before any date is looked at. */
export const meanings = ["active", "hired", "leave", "pending", "terminated", "deceased", "unknown"] as const;
export type Meaning = (typeof meanings)[number];

/** HR's status words, as real systems write them. `inactive` is missing on purpose: systems disagree about it. */
export const builtInWords: Readonly<Record<Exclude<Meaning, "unknown">, readonly string[]>> = {
  active: ["active", "employed", "a", "on probation"],
  /** Active from the hire date on, pending before. */
  hired: ["hired"],
  leave: ["leave", "on leave", "l", "loa"],
  pending: ["pending", "pre-hire", "accepted"],
  terminated: ["terminated", "t", "retired", "resigned", "released", "r", "separated", "former"],
  deceased: ["deceased", "d"],
};

/** A stack's own words (`proofpoint:hr.words`): they extend and override the built-in ones. */
export type Words = Readonly<Record<string, Meaning>>;

/** Looks up a word. One that is in no table is `unknown`: nothing is done to its owner, and it is reported. */
export type ReadStatus = (word: string) => Meaning;

export function createVocabulary(...own: readonly Words[]): ReadStatus {
  const table = new Map<string, Meaning>();
  for (const [meaning, words] of Object.entries(builtInWords)) for (const word of words) table.set(word, meaning as Meaning);
  for (const words of own) for (const [word, meaning] of Object.entries(words)) table.set(foldWord(word), meaning);
  // A feed has few words in many rows.
  const seen = new Map<string, Meaning>();
  return (word) => {
    const known = seen.get(word);
    if (known !== undefined) return known;
    const meaning = table.get(foldWord(word)) ?? "unknown";
    seen.set(word, meaning);
    return meaning;
  };
}

/** Words are compared without case and with single blanks. */
export function foldWord(word: string): string {
  return word.trim().replace(/\s+/g, " ").toLowerCase();
}
