/**
 * Bytes between the board's thread and the main one, in order: a UART, USB serial, a TCP connection, or CAN frames as
 * records. Towards the board: a ring in shared memory, so
 * that the board can sleep until a byte comes. From the board: messages, with a shared count of the
 * bytes under way, so that the board can sleep while the line is full. Nobody polls.
 */

/** Bytes that wait for the board before the host side has to hold back. */
const RING_BYTES = 64 * 1024;
/**
 * Bytes that may be under way from the board to the line, unless a port says otherwise: a script that is told so
 * much sooner than the line that its bytes have left would lose patience with an answer that can't have come yet.
 */
const UNDER_WAY_BYTES = 8 * 1024;

/** Words of the shared block. Positions count bytes since the start and wrap at 2³². */
const WRITTEN = 0;
const READ = 1;
const HOST_WAITS = 2;
const OUTGOING = 3;
/** Counts up whenever the board might wake. */
const EVENTS = 4;
const CONNECTION = 5;
const WORDS = 6;

/** Of CONNECTION, where the line is one that connects: nobody; somebody; somebody who will send no more. */
export const NOBODY = 0;
export const CONNECTED = 1;
export const LEAVING = 2;

/** Handed to the board's thread as it is. */
export interface ByteChannel {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly ring: Uint8Array<SharedArrayBuffer>;
  readonly underWayBytes: number;
}

export interface ByteChannelOptions {
  /** How many bytes the board may be ahead of the line; 8 KiB by default. */
  readonly underWayBytes?: number;
}

/** From the board: bytes for the line, word that the ring has room again, or that it hung up. */
export type ByteMessage =
  | { readonly kind: "bytes"; readonly data: Uint8Array }
  | { readonly kind: "bytes-room" }
  | { readonly kind: "bytes-hangup" };

export function createByteChannel({ underWayBytes = UNDER_WAY_BYTES }: ByteChannelOptions = {}): ByteChannel {
  return {
    underWayBytes,
    words: new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)),
    ring: new Uint8Array(new SharedArrayBuffer(RING_BYTES)),
  };
}

/** The host's end: the line that the board is wired to. */
export interface ByteHostEnd {
  /** Gives the board bytes; resolves once all are in its receive buffer. One at a time. */
  deliver(data: Uint8Array): Promise<void>;
  /** To be called with each message of the board. */
  receive(message: ByteMessage): void;
  /** Tells the board of a connection (`CONNECTED`), or that its other end will send no more (`LEAVING`). */
  setConnection(state: number): void;
  /** Resolves once everything received from the board is on the line. */
  drained(): Promise<void>;
}

/** `toLine` gets what the board sends, in order; the board is held back until it resolves. */
export function createByteHostEnd(
  { words, ring, underWayBytes }: ByteChannel,
  toLine: (data: Uint8Array) => Promise<void>,
  onHangUp: () => void = () => {},
): ByteHostEnd {
  let wake: (() => void) | null = null;
  let line: Promise<void> = Promise.resolve();

  const deliver = async (data: Uint8Array): Promise<void> => {
    let taken = put(words, ring, data);
    while (taken < data.length) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        Atomics.store(words, HOST_WAITS, 1);
        // The board may have read everything just before the flag was up.
        if (available(words) < RING_BYTES && Atomics.exchange(words, HOST_WAITS, 0) === 1) resolve();
      });
      taken += put(words, ring, data.subarray(taken));
    }
  };

  const receive = (message: ByteMessage): void => {
    if (message.kind === "bytes-room") {
      wake?.();
      return;
    }
    if (message.kind === "bytes-hangup") {
      line = line.then(onHangUp);
      return;
    }
    const { data } = message;
    line = line
      .then(() => toLine(data))
      .finally(() => {
        // Not for each frame: two threads that wake each other in turn have no time for anything else.
        const left = Atomics.sub(words, OUTGOING, data.length) - data.length;
        if (left <= underWayBytes / 2) Atomics.notify(words, OUTGOING);
      });
  };

  const setConnection = (state: number): void => {
    Atomics.store(words, CONNECTION, state);
    wakeBoard(words);
  };

  return { deliver, receive, setConnection, drained: () => line };
}

/** The board's end. Its waits block the thread. */
export interface ByteBoardEnd {
  /** Bytes received and not read yet. */
  available(): number;
  /** Waits up to `timeoutMs` until there is a byte. */
  waitForData(timeoutMs: number): boolean;
  /** Copies what is there, up to `into`'s length; returns how many bytes. */
  take(into: Uint8Array): number;
  /**
   * Sends everything, waiting for room as often as needed. With a time to wait, it gives up where there was no
   * room for so long; whether everything went.
   */
  send(data: Uint8Array, timeoutMs?: number): boolean;
  /** `NOBODY`, `CONNECTED` or `LEAVING`, where the line is one that connects. */
  connection(): number;
  /** Ends the connection; what came and was not read is gone. */
  hangUp(): void;
}

export function createByteBoardEnd(
  { words, ring, underWayBytes }: ByteChannel,
  post: (message: ByteMessage) => void,
): ByteBoardEnd {
  const take = (into: Uint8Array): number => {
    const count = Math.min(available(words), into.length);
    const position = Atomics.load(words, READ) >>> 0;
    copyOut(ring, position, into.subarray(0, count));
    Atomics.store(words, READ, (position + count) | 0);
    if (count > 0 && Atomics.exchange(words, HOST_WAITS, 0) === 1) post({ kind: "bytes-room" });
    return count;
  };

  const waitForData = (timeoutMs: number): boolean => {
    const seen = Atomics.load(words, EVENTS);
    if (available(words) > 0) return true;
    if (timeoutMs > 0) Atomics.wait(words, EVENTS, seen, timeoutMs);
    return available(words) > 0;
  };

  const waitForRoom = (byteLength: number, timeoutMs: number): boolean => {
    for (let isLate = false; ; ) {
      const outgoing = Atomics.load(words, OUTGOING);
      if (outgoing + byteLength <= underWayBytes) return true;
      if (isLate) return false;
      isLate = Atomics.wait(words, OUTGOING, outgoing, timeoutMs) === "timed-out";
    }
  };

  /** Half of what may be under way, so that the line has the next piece when it is done with one. */
  const largestPiece = Math.ceil(underWayBytes / 2);
  const send = (data: Uint8Array, timeoutMs = Number.POSITIVE_INFINITY): boolean => {
    for (let at = 0; at < data.length; at += largestPiece) {
      const piece = data.slice(at, at + largestPiece);
      if (!waitForRoom(piece.length, timeoutMs)) return false;
      Atomics.add(words, OUTGOING, piece.length);
      post({ kind: "bytes", data: piece });
    }
    return true;
  };

  const hangUp = (): void => {
    const scrap = new Uint8Array(available(words));
    take(scrap);
    Atomics.store(words, CONNECTION, NOBODY);
    post({ kind: "bytes-hangup" });
  };

  return {
    available: () => available(words),
    waitForData,
    take,
    send,
    connection: () => Atomics.load(words, CONNECTION),
    hangUp,
  };
}

function wakeBoard(words: Int32Array): void {
  Atomics.add(words, EVENTS, 1);
  Atomics.notify(words, EVENTS);
}

function available(words: Int32Array): number {
  return (Atomics.load(words, WRITTEN) - Atomics.load(words, READ)) | 0;
}

/** Copies as much as there is room for; returns how much that was. */
function put(words: Int32Array<SharedArrayBuffer>, ring: Uint8Array, data: Uint8Array): number {
  const count = Math.min(RING_BYTES - available(words), data.length);
  const position = Atomics.load(words, WRITTEN) >>> 0;
  const start = position % RING_BYTES;
  const first = Math.min(count, RING_BYTES - start);
  ring.set(data.subarray(0, first), start);
  ring.set(data.subarray(first, count), 0);
  Atomics.store(words, WRITTEN, (position + count) | 0);
  wakeBoard(words);
  return count;
}

function copyOut(ring: Uint8Array, position: number, into: Uint8Array): void {
  const start = position % RING_BYTES;
  const first = Math.min(into.length, RING_BYTES - start);
  into.set(ring.subarray(start, start + first), 0);
  into.set(ring.subarray(0, into.length - first), first);
}
