/**
 * Where a decoder reads. Whatever has a size is taken before it is read or allocated, so that no access
 * leaves the message and no size from the wire is believed.
 */
import { Misfit } from "./misfit.js";

export class Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;

  /** `start` is 1 behind a status byte. */
  constructor(bytes: Uint8Array, start = 0) {
    // Node's Buffer has a `slice` that does not copy.
    const isPlain = bytes.constructor === Uint8Array;
    this.bytes = isPlain ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = start;
  }

  /** Bytes not taken yet. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Takes the next `size` bytes and gives the offset where they start. */
  take(size: number, path: string): number {
    const at = this.at;
    if (size > this.bytes.length - at) {
      throw new Misfit(path, `the message ends here: ${bytesText(size)} needed, ${this.left} left`);
    }
    this.at = at + size;
    return at;
  }

  /** A count of one byte, for items of `itemSize` bytes or more. */
  countU8(path: string, max: number, itemSize: number): number {
    return fitting(this, this.view.getUint8(this.take(1, path)), path, max, itemSize);
  }

  countU16(path: string, max: number, itemSize: number): number {
    return fitting(this, this.view.getUint16(this.take(2, path), true), path, max, itemSize);
  }

  countU32(path: string, max: number, itemSize: number): number {
    return fitting(this, this.view.getUint32(this.take(4, path), true), path, max, itemSize);
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
    if (this.left !== 0) {
      throw new Misfit("", `${bytesText(this.bytes.length)} came, ${this.left} of them left over`);
    }
  }
}

/** A function and not a private method: those cost a check at every call. */
function fitting(from: Reader, count: number, path: string, max: number, itemSize: number): number {
  if (count > max) throw new Misfit(path, `a count of ${count}, at most ${max} allowed`);
  if (count * itemSize > from.left) {
    const needed = `needs ${bytesText(count * itemSize)} or more, ${from.left} left`;
    throw new Misfit(path, `a count of ${count} ${needed}`);
  }
  return count;
}

export function readBool(byte: number, path: string): boolean {
  if (byte > 1) throw new Misfit(path, `${byte} is neither 0 nor 1`);
  return byte === 1;
}

function bytesText(count: number): string {
  return count === 1 ? "1 byte" : `${count} bytes`;
}
