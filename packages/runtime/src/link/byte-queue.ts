/**
 * Bytes that were received and not read yet, in blocks: large chunks as they came where they may be kept, small ones
 * gathered. No byte is moved twice.
 */

/** Small chunks share a block of this size. */
const BLOCK_BYTES = 4096;
/** Chunks below this are copied, kept or not: many of them would take more room than their bytes. */
const SMALLEST_KEPT_BYTES = 1024;

export interface ByteQueue {
  readonly length: number;
  /** Adds behind the last byte. `bytes` is copied, unless `mayKeep`: nobody will change it any more. */
  push(bytes: Uint8Array, mayKeep?: boolean): void;
  /** Adds before the first byte: what was read too early goes back. `bytes` is copied. */
  unshift(bytes: Uint8Array): void;
  /** Fills `into` whole and takes the bytes off, or does nothing and returns false. */
  take(into: Uint8Array): boolean;
  clear(): void;
}

/** Bytes `start` to `end` of `bytes` are in the queue; there may be room around them where the block is our own. */
interface Block {
  readonly bytes: Uint8Array;
  readonly isOwn: boolean;
  start: number;
  end: number;
}

export function createByteQueue(): ByteQueue {
  let blocks: Block[] = [];
  let length = 0;
  /** Serves once more whenever the queue has become empty. */
  const spare = new Uint8Array(BLOCK_BYTES);

  function blockFor(byteLength: number): Uint8Array {
    if (byteLength > BLOCK_BYTES) return new Uint8Array(byteLength);
    if (blocks.length === 0) return spare;
    return new Uint8Array(BLOCK_BYTES);
  }

  /** A block with room for so many bytes behind its last one. */
  function lastBlock(byteLength: number): Block {
    const last = blocks.at(-1);
    if (last?.isOwn && last.bytes.length - last.end >= byteLength) return last;
    const block = { bytes: blockFor(byteLength), isOwn: true, start: 0, end: 0 };
    blocks.push(block);
    return block;
  }

  /** A block with room for so many bytes before its first one. */
  function firstBlock(byteLength: number): Block {
    const [first] = blocks;
    if (first?.isOwn && first.start >= byteLength) return first;
    const bytes = blockFor(byteLength);
    const block = { bytes, isOwn: true, start: bytes.length, end: bytes.length };
    blocks.unshift(block);
    return block;
  }

  return {
    get length() {
      return length;
    },
    push(bytes, mayKeep = false) {
      if (bytes.length === 0) return;
      if (mayKeep && bytes.length >= SMALLEST_KEPT_BYTES) {
        blocks.push({ bytes, isOwn: false, start: 0, end: bytes.length });
      } else {
        const block = lastBlock(bytes.length);
        block.bytes.set(bytes, block.end);
        block.end += bytes.length;
      }
      length += bytes.length;
    },
    unshift(bytes) {
      if (bytes.length === 0) return;
      const block = firstBlock(bytes.length);
      block.start -= bytes.length;
      block.bytes.set(bytes, block.start);
      length += bytes.length;
    },
    take(into) {
      if (into.length > length) return false;
      let filled = 0;
      while (filled < into.length) {
        const block = blocks[0] as Block;
        const count = Math.min(into.length - filled, block.end - block.start);
        into.set(block.bytes.subarray(block.start, block.start + count), filled);
        filled += count;
        block.start += count;
        if (block.start === block.end) blocks.shift();
      }
      length -= into.length;
      return true;
    },
    clear() {
      length = 0;
      blocks = [];
    },
  };
}
