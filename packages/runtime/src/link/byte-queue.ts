/** Bytes that were received and not read yet: a ring that grows, so that no byte is moved twice. */

const SMALLEST_CAPACITY = 1024;
/** A ring larger than this is let go of once it is empty. */
const KEPT_CAPACITY = 1024 * 1024;

export interface ByteQueue {
  readonly length: number;
  /** Adds behind the last byte; `bytes` is copied. */
  push(bytes: Uint8Array): void;
  /** Adds before the first byte: what was read too early goes back. */
  unshift(bytes: Uint8Array): void;
  /** Fills `into` whole and takes the bytes off, or does nothing and returns false. */
  take(into: Uint8Array): boolean;
  clear(): void;
}

export function createByteQueue(): ByteQueue {
  let ring = new Uint8Array(SMALLEST_CAPACITY);
  let head = 0;
  let length = 0;

  /** Copies `count` bytes from the head on; they may wrap around the end of the ring. */
  function copyOut(into: Uint8Array, count: number): void {
    const first = Math.min(count, ring.length - head);
    into.set(ring.subarray(head, head + first));
    if (first < count) into.set(ring.subarray(0, count - first), first);
  }

  function copyIn(bytes: Uint8Array, at: number): void {
    const first = Math.min(bytes.length, ring.length - at);
    ring.set(first === bytes.length ? bytes : bytes.subarray(0, first), at);
    if (first < bytes.length) ring.set(bytes.subarray(first), 0);
  }

  function makeRoom(extra: number): void {
    if (length + extra <= ring.length) return;
    let capacity = ring.length;
    while (capacity < length + extra) capacity *= 2;
    const larger = new Uint8Array(capacity);
    copyOut(larger, length);
    ring = larger;
    head = 0;
  }

  function letGo(): void {
    head = 0;
    if (ring.length > KEPT_CAPACITY) ring = new Uint8Array(SMALLEST_CAPACITY);
  }

  return {
    get length() {
      return length;
    },
    push(bytes) {
      makeRoom(bytes.length);
      copyIn(bytes, (head + length) % ring.length);
      length += bytes.length;
    },
    unshift(bytes) {
      makeRoom(bytes.length);
      head = (head - bytes.length + ring.length) % ring.length;
      copyIn(bytes, head);
      length += bytes.length;
    },
    take(into) {
      if (into.length > length) return false;
      copyOut(into, into.length);
      head = (head + into.length) % ring.length;
      length -= into.length;
      if (length === 0) letGo();
      return true;
    },
    clear() {
      length = 0;
      letGo();
    },
  };
}
