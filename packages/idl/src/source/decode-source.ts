/** Bytes of a file to its text. What is no UTF-8 text is told apart, with the place of the first bad byte. */
import { maxSourceBytes } from "./limits.js";

// The core knows neither Node nor a browser; both have these two.
declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

export type DecodedSource =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "too-large"; readonly byteLength: number }
  | { readonly kind: "binary"; readonly byteOffset: number }
  | { readonly kind: "not-utf8"; readonly byteOffset: number; readonly byte: number };

/** A byte order mark at the start is dropped. */
export function decodeSource(bytes: Uint8Array): DecodedSource {
  if (bytes.length > maxSourceBytes) return { kind: "too-large", byteLength: bytes.length };
  const nul = bytes.indexOf(0);
  if (nul !== -1) return { kind: "binary", byteOffset: nul };
  const text = new TextDecoder("utf-8").decode(bytes);
  const invalid = firstInvalidByte(bytes, text);
  return invalid === null
    ? { kind: "text", text }
    : { kind: "not-utf8", byteOffset: invalid, byte: bytes[invalid] ?? 0 };
}

/** The decoder puts U+FFFD where bytes are invalid; one that the file itself holds is EF BF BD. */
function firstInvalidByte(bytes: Uint8Array, text: string): number | null {
  const encoder = new TextEncoder();
  let offset = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let from = 0;
  for (let at = text.indexOf("\uFFFD"); at !== -1; at = text.indexOf("\uFFFD", from)) {
    offset += encoder.encode(text.slice(from, at)).length;
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
  return null;
}
