import type { Encoding } from "./decode.ts";

const mark = "\uFEFF";

/** Text as the bytes of an encoding. @returns undefined where it has a character the encoding has not */
export function encode(text: string, encoding: Encoding, withMark: boolean): Buffer | undefined {
  const whole = withMark ? mark + text : text;
  switch (encoding) {
    case "utf-8":
      return Buffer.from(whole, "utf8");
    case "utf-16le":
      return Buffer.from(whole, "utf16le");
    case "utf-16be":
      return Buffer.from(whole, "utf16le").swap16();
    case "windows-1252":
      return encode1252(text);
  }
}

function encode1252(text: string): Buffer | undefined {
  const letters = new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  const bytes = new Map(Array.from(letters, (letter, byte) => [letter, byte] as const));
  const encoded = Array.from(text, (letter) => bytes.get(letter));
  return encoded.every((byte) => byte !== undefined) ? Buffer.from(encoded) : undefined;
}
