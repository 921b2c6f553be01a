/** How the bytes of a file became text. */
export interface Decoded {
  readonly text: string;
  readonly encoding: Encoding;
  /** Said where it was not plain UTF-8: `read as Windows-1252, …`. */
  readonly note?: string;
  /** Nobody said so, and another encoding would have been possible: letters beyond ASCII may be others. */
  readonly guessed?: true;
}

/** What can be set as `proofpoint:hr.encoding`, where the file does not tell. */
export const encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof encodings)[number];

/**
 * A byte order mark decides, then strict UTF-8, then Windows-1252, which is what Excel makes of a CSV it saves again.
 * A file that is partly UTF-8 and partly not is damaged: no guess about it would be right for everybody in it.
 * @returns the text, or why it cannot be read, with the line
 */
export function decode(bytes: Uint8Array, encoding: Encoding | undefined): Decoded | { readonly problem: string } {
  const mark = markOf(bytes);
  if (mark !== undefined && encoding !== undefined && mark !== encoding)
    return { problem: `its byte order mark says ${names[mark]}, and proofpoint:hr.encoding ${encoding}` };
  const told = mark ?? encoding;
  if (told === "windows-1252" && hasUtf8Letters(bytes) && attempt(bytes, "utf-8") !== undefined)
    return { problem: "it is UTF-8, and proofpoint:hr.encoding says windows-1252" };
  if (told !== undefined) {
    const text = attempt(bytes, told);
    if (text === undefined) return { problem: `${told === "utf-8" ? `line ${findDamage(bytes)}` : "it"} is not ${names[told]}` };
    return told === "utf-8" ? { text, encoding: told } : { text, encoding: told, note: `The HR feed was read as ${names[told]}.` };
  }
  const text = attempt(bytes, "utf-8");
  if (text !== undefined) return text.includes("\0") ? { problem: nulBytes } : { text, encoding: "utf-8" };
  const line = findDamage(bytes);
  if (bytes.includes(0)) return { problem: nulBytes };
  if (hasUtf8Letters(bytes)) return { problem: `line ${line} is not UTF-8, and other lines are` };
  if (bytes.some((byte) => undefinedIn1252.has(byte))) return { problem: `line ${line} is neither UTF-8 nor Windows-1252` };
  return {
    text: new TextDecoder("windows-1252").decode(bytes),
    encoding: "windows-1252",
    note: `The HR feed was read as Windows-1252, because line ${line} is not UTF-8. If that is right, set proofpoint:hr.encoding to windows-1252.`,
    guessed: true,
  };
}

const nulBytes = "it contains NUL bytes, so it is not a text file in UTF-8";
const names = { "utf-8": "UTF-8", "utf-16le": "UTF-16LE", "utf-16be": "UTF-16BE", "windows-1252": "Windows-1252" } as const;
const undefinedIn1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

export function markOf(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

function attempt(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The line of the first byte that is not UTF-8. Line feeds are never part of a longer UTF-8 sequence. */
function findDamage(bytes: Uint8Array): number {
  let line = 1;
  for (const part of linesOf(bytes)) {
    if (attempt(part, "utf-8") === undefined) return line;
    line++;
  }
  return line;
}

/** Whether some line has letters beyond ASCII that are good UTF-8. */
function hasUtf8Letters(bytes: Uint8Array): boolean {
  for (const part of linesOf(bytes)) {
    if (part.some((byte) => byte > 127) && attempt(part, "utf-8") !== undefined) return true;
  }
  return false;
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    yield bytes.subarray(start, end < 0 ? bytes.length : end);
    start = end < 0 ? bytes.length : end + 1;
  }
}
