/**
 * Strings as UTF-8, strictly: no surrogates going out, no invalid sequence coming in, a byte order mark
 * kept. Short texts are handled here because `TextEncoder` and `TextDecoder` cost more than they do.
 */
import { Misfit, misfit } from "./misfit.js";
import type { Reader } from "./reader.js";
import type { Writer } from "./writer.js";

/** Up to this many bytes a loop beats the platform's coder. */
const SHORT = 48;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes of `text` as UTF-8, or -1 if it holds a lone surrogate. */
export function utf8Size(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) size += 1;
    else if (unit < 0xd800 || unit > 0xdfff) size += 2;
    else {
      const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
      if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) return -1;
      size += 2; // two units, four bytes
      i += 1;
    }
  }
  return size;
}

/** Writes a string of at most `max` bytes, checked, and gives the offset behind it. */
export function writeText(to: Writer, at: number, value: string, path: string, max: number): number {
  if (typeof value !== "string") throw misfit(path, value, "a string");
  const { length } = value;
  if (length > SHORT || length > max) return writeAnyText(to, at, value, path, max);
  to.room(at, length);
  const { bytes } = to;
  for (let i = 0; i < length; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 0x80) return writeAnyText(to, at, value, path, max);
    bytes[at + i] = unit;
  }
  return at + length;
}

function writeAnyText(to: Writer, at: number, value: string, path: string, max: number): number {
  const size = utf8Size(value);
  if (size < 0) throw new Misfit(path, "holds a lone surrogate");
  if (size > max) throw new Misfit(path, `${size} bytes of UTF-8, at most ${max} allowed`);
  to.room(at, size);
  encoder.encodeInto(value, to.bytes.subarray(at));
  return at + size;
}

/** Writes a `string[size]`, checked: NUL pads it, and so it cannot hold one. */
export function writeFixedText(to: Writer, at: number, value: string, path: string, size: number): void {
  to.room(at, size);
  const end = writeText(to, at, value, path, size);
  if (value.includes("\0")) throw new Misfit(path, `holds U+0000, which ends a string[${size}]`);
  to.bytes.fill(0, end, at + size);
}

/** The `size` bytes at `at`, which have been taken, as text. */
export function readText(from: Reader, at: number, size: number, path: string): string {
  const text = size <= SHORT ? readAscii(from.bytes, at, at + size) : null;
  if (text !== null) return text;
  try {
    return decoder.decode(from.bytes.subarray(at, at + size));
  } catch {
    throw new Misfit(path, "not valid UTF-8");
  }
}

/** Null where not all of it is ASCII. Several characters a call: each call makes a string of its own. */
function readAscii(bytes: Uint8Array, start: number, end: number): string | null {
  let text = "";
  let at = start;
  for (; at + 16 <= end; at += 16) {
    const part = sixteen(bytes, at);
    if (part === null) return null;
    text += part;
  }
  if (at + 8 <= end) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    const e = bytes[at + 4] as number;
    const f = bytes[at + 5] as number;
    const g = bytes[at + 6] as number;
    const h = bytes[at + 7] as number;
    if ((a | b | c | d | e | f | g | h) >= 0x80) return null;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
    at += 8;
  }
  if (at + 4 <= end) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    const c = bytes[at + 2] as number;
    const d = bytes[at + 3] as number;
    if ((a | b | c | d) >= 0x80) return null;
    text += String.fromCharCode(a, b, c, d);
    at += 4;
  }
  if (at + 2 <= end) {
    const a = bytes[at] as number;
    const b = bytes[at + 1] as number;
    if ((a | b) >= 0x80) return null;
    text += String.fromCharCode(a, b);
    at += 2;
  }
  if (at === end) return text;
  const last = bytes[at] as number;
  return last >= 0x80 ? null : text + String.fromCharCode(last);
}

function sixteen(bytes: Uint8Array, at: number): string | null {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  const e = bytes[at + 4] as number;
  const f = bytes[at + 5] as number;
  const g = bytes[at + 6] as number;
  const h = bytes[at + 7] as number;
  const i = bytes[at + 8] as number;
  const j = bytes[at + 9] as number;
  const k = bytes[at + 10] as number;
  const l = bytes[at + 11] as number;
  const m = bytes[at + 12] as number;
  const n = bytes[at + 13] as number;
  const o = bytes[at + 14] as number;
  const p = bytes[at + 15] as number;
  if ((a | b | c | d | e | f | g | h | i | j | k | l | m | n | o | p) >= 0x80) return null;
  return String.fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
}

/** A `string[size]`: up to its first NUL; one without NUL drops an incomplete last sequence. */
export function readFixedText(from: Reader, at: number, size: number, path: string): string {
  const nul = from.bytes.subarray(at, at + size).indexOf(0);
  return readText(from, at, nul < 0 ? size - incompleteTail(from.bytes, at, at + size) : nul, path);
}

/** How many bytes at the end begin a sequence that the end cuts off: 0 to 3. */
function incompleteTail(bytes: Uint8Array, start: number, end: number): number {
  for (let length = 1; length <= 3 && end - length >= start; length++) {
    const byte = bytes[end - length] as number;
    if (byte >= 0x80 && byte <= 0xbf) continue;
    return sequenceLength(byte) > length ? length : 0;
  }
  return 0;
}

function sequenceLength(lead: number): number {
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
}
