/** `bytes` and lists of numbers: checked by kind and count, and always copied out of the message. */
import { Misfit, misfit } from "./misfit.js";
import type { Reader } from "./reader.js";
import type { Writer } from "./writer.js";

export type NumberList =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Of `Uint16Array` and the like. */
interface NumberListConstructor<T extends NumberList> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (count: number): T;
}

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Writes `min` to `max` bytes, checked, and gives the offset behind them. */
export function writeBytes(
  to: Writer,
  at: number,
  value: Uint8Array,
  path: string,
  min: number,
  max: number,
): number {
  if (!(value instanceof Uint8Array)) checkKind(path, value, "Uint8Array");
  const { length } = value as Uint8Array;
  if (length < min || length > max) throw badCount(path, length, min, max);
  to.room(at, length);
  to.bytes.set(value, at);
  return at + length;
}

/** The `count` bytes at `at`, which have been taken: a copy of their own. */
export function readBytes(from: Reader, at: number, count: number): Uint8Array {
  return from.bytes.slice(at, at + count);
}

/** Arrays of another realm are as good. */
function checkKind(path: string, value: unknown, name: string): void {
  if (ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${name}]`) return;
  throw misfit(path, value, `a ${name}`);
}

/** Checks that `value` is an array of `min` to `max` items. */
export function checkList(path: string, value: readonly unknown[], min: number, max: number): void {
  if (!Array.isArray(value)) throw misfit(path, value, "an array");
  const { length } = value;
  if (length < min || length > max) throw badCount(path, length, min, max);
}

function badCount(path: string, count: number, min: number, max: number): Misfit {
  return new Misfit(path, `a count of ${count}, ${min === max ? "exactly" : "at most"} ${max} allowed`);
}

/** Writes `min` to `max` numbers, checked, little-endian, and gives the offset behind them. */
export function writeNumbers<T extends NumberList>(
  to: Writer,
  at: number,
  value: T,
  path: string,
  kind: NumberListConstructor<T>,
  min: number,
  max: number,
): number {
  checkNumbers(path, value, kind, min, max);
  return putNumbers(to, at, value, !HOST_IS_LITTLE_ENDIAN);
}

/** As `writeNumbers`, big-endian. */
export function writeNumbersBigEndian<T extends NumberList>(
  to: Writer,
  at: number,
  value: T,
  path: string,
  kind: NumberListConstructor<T>,
  min: number,
  max: number,
): number {
  checkNumbers(path, value, kind, min, max);
  return putNumbers(to, at, value, HOST_IS_LITTLE_ENDIAN);
}

function checkNumbers<T extends NumberList>(
  path: string,
  value: T,
  kind: NumberListConstructor<T>,
  min: number,
  max: number,
): void {
  if (!(value instanceof kind)) checkKind(path, value, kind.name);
  if (value.length < min || value.length > max) throw badCount(path, value.length, min, max);
}

function putNumbers(to: Writer, at: number, value: NumberList, isSwapped: boolean): number {
  const raw = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const end = at + raw.length;
  to.room(at, raw.length);
  to.bytes.set(raw, at);
  if (isSwapped) swapItems(to.bytes.subarray(at, end), value.BYTES_PER_ELEMENT);
  return end;
}

/** The `count` little-endian numbers at `at`, which have been taken: a copy of their own. */
export function readNumbers<T extends NumberList>(
  from: Reader,
  at: number,
  count: number,
  kind: NumberListConstructor<T>,
): T {
  return getNumbers(from, at, new kind(count), !HOST_IS_LITTLE_ENDIAN);
}

/** As `readNumbers`, big-endian; what it gives is in the host's order all the same. */
export function readNumbersBigEndian<T extends NumberList>(
  from: Reader,
  at: number,
  count: number,
  kind: NumberListConstructor<T>,
): T {
  return getNumbers(from, at, new kind(count), HOST_IS_LITTLE_ENDIAN);
}

function getNumbers<T extends NumberList>(from: Reader, at: number, list: T, isSwapped: boolean): T {
  const raw = new Uint8Array(list.buffer);
  raw.set(from.bytes.subarray(at, at + raw.length));
  if (isSwapped) swapItems(raw, list.BYTES_PER_ELEMENT);
  return list;
}

/** Turns every item of `size` bytes around, in place. */
export function swapItems(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}
