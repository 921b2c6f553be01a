import { isMap, isSeq, parseDocument, type Document } from "yaml";
import type { Mapping } from "./mapping.ts";

const heading = " Who is whom: organisations of Proofpoint and accounts of the billing side, packages and services.";
const order = { accounts: "organisation", services: "package", excluded: "organisation" } as const;

/**
 * The file with more entries, always in the same order, one entry after the other, so that a change is one line in a diff.
 * What people wrote stays as they wrote it, comments too.
 * @param content the file as it is; empty where there is none
 */
export function addToMapping(content: string, added: Partial<Mapping>): string {
  const document: Document = parseDocument(content, { schema: "failsafe" });
  if (!isMap(document.contents)) document.contents = document.createNode({});
  if (content.trim() === "") document.commentBefore = heading;
  for (const [list, key] of Object.entries(order) as readonly [keyof Mapping, string][]) {
    const entries = document.get(list);
    const sequence = isSeq(entries) ? entries : document.createNode([]);
    document.set(list, sequence);
    // A comment above the first entry is about that entry, wherever it goes.
    const [first] = sequence.items;
    if (isMap(first) && sequence.commentBefore) {
      first.commentBefore = sequence.commentBefore;
      sequence.commentBefore = null;
    }
    // Blank lines between entries mean nothing in a list that is sorted.
    for (const each of [sequence, ...sequence.items.filter(isMap)]) each.spaceBefore = false;
    for (const entry of added[list] ?? []) sequence.add(document.createNode(entry));
    sequence.flow = sequence.items.length === 0;
    const by = (item: unknown) => (isMap(item) ? String(item.get(key)) : "");
    sequence.items.sort((a, b) => (by(a) < by(b) ? -1 : by(a) > by(b) ? 1 : 0));
  }
  return document.toString({ lineWidth: 0 });
}
