/**
 * Where a decoder reads. Whatever has a size is taken before it is read or allocated, so that no access
 * leaves the message and no size from the wire is believed.
 */
import { Misfit } from "./misfit.js";

/** Small methods that leave their errors to functions: those that V8 inlines whole. */
export class Reader {
  // Declared only: a field's initializer is a store more for every message.
  declare readonly bytes: Uint8Array;
  declare readonly view: DataView;
  declare readonly size: number;
  declare at: number;

  /** `start` is 1 behind a status byte. */
  constructor(bytes: Uint8Array, start = 0) {
    // Node's Buffer has a `slice` that does not copy.
    this.bytes = bytes.constructor === Uint8Array ? bytes : plainOf(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.size = bytes.length;
    this.at = start;
  }

  /** Bytes not taken yet. */
  get left(): number {
    return this.size - this.at;
  }

  /** Takes the next `size` bytes and gives the offset where they start. */
  take(size: number, path: string): number {
    const { at } = this;
    const end = at + size;
    if (end > this.size) throw tooShort(this, size, path);
    this.at = end;
    return at;
  }

  /** A count of one byte, for items of `itemSize` bytes or more. */
  countU8(path: string, max: number, itemSize: number): number {
    const count = this.view.getUint8(this.take(1, path));
    if (count > max || count * itemSize > this.left) throw badCount(this, count, path, max, itemSize);
    return count;
  }

  countU16(path: string, max: number, itemSize: number): number {
    const count = this.view.getUint16(this.take(2, path), true);
    if (count > max || count * itemSize > this.left) throw badCount(this, count, path, max, itemSize);
    return count;
  }

  countU32(path: string, max: number, itemSize: number): number {
    const count = this.view.getUint32(this.take(4, path), true);
    if (count > max || count * itemSize > this.left) throw badCount(this, count, path, max, itemSize);
    return count;
  }

  /** How many items of exactly `itemSize` bytes the rest of the message is. */
  countTail(path: string, itemSize: number): number {
    const count = this.left / itemSize;
    if (Number.isInteger(count)) return count;
    throw new Misfit(path, `${bytesText(this.left)} left are not whole items of ${itemSize}`);
  }

  /** The byte before an optional value. */
  presence(path: string): boolean {
    return readBool(this.view.getUint8(this.take(1, path)), path);
  }

  /** Nothing may be left over. */
  end(): void {
    if (this.at !== this.size) throw leftOver(this);
  }
}

function plainOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function tooShort(from: Reader, size: number, path: string): Misfit {
  return new Misfit(path, `the message ends here: ${bytesText(size)} needed, ${from.left} left`);
}

function badCount(from: Reader, count: number, path: string, max: number, itemSize: number): Misfit {
  if (count > max) return new Misfit(path, `a count of ${count}, at most ${max} allowed`);
  return new Misfit(
    path,
    `a count of ${count} needs ${bytesText(count * itemSize)} or more, ${from.left} left`,
  );
}

function leftOver(from: Reader): Misfit {
  return new Misfit("", `${bytesText(from.size)} came, ${from.left} of them left over`);
}

export function readBool(byte: number, path: string): boolean {
  if (byte > 1) throw new Misfit(path, `${byte} is neither 0 nor 1`);
  return byte === 1;
}

function bytesText(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}
