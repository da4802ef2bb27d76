/**
 * A stream on a network link, as one of its sides sees it. Its frames have neither crc nor number, so nothing else may
 * come between its bytes: it goes over one connection from its beginning to its end, and datagrams, which may be late
 * copies of anything, don't count while it lasts. A connection that is made anew in its middle is not its connection.
 */
import type { Clock } from "../clock.js";
import { announcedBytes, frameBytes, STREAM_PACKET_BYTES } from "./network-route.js";

export interface NetworkStream {
  readonly isReader: boolean;
  /** The number of its connection, once its first bytes went out; null until then. */
  connection: number | null;
  /** Whether these bytes, which came by this connection, are its own. */
  takes(chunk: Uint8Array, connection: number): boolean;
  /** Whether a datagram counts now: only a new call's beginning does, and never within a frame. */
  admits(datagram: Uint8Array): boolean;
  /** A reader has not seen its end: frames may still be under way on its connection. */
  readonly mayBringMore: boolean;
}

/** A reader gives a frame up when nothing comes of it for a little more than a second. */
const GIVEN_UP_MS = 1500;

export function createNetworkStream(isReader: boolean, clock: Clock): NetworkStream {
  const frames = createFrameFollower();
  /** What came before its first bytes belongs to the call. A writer is told to begin by the first of them. */
  let heardAt = isReader ? null : clock.now();
  const stream: NetworkStream = {
    isReader,
    connection: null,
    get mayBringMore() {
      return isReader && !frames.hasEnded;
    },
    takes(chunk, connection) {
      if (stream.connection !== null && connection !== stream.connection) return false;
      heardAt = clock.now();
      if (isReader) frames.follow(chunk);
      return true;
    },
    admits(datagram) {
      if (heardAt === null) return true;
      if (announcedBytes(datagram) === null) return false;
      return !frames.isWithin || clock.now() - heardAt > GIVEN_UP_MS;
    },
  };
  return stream;
}

interface FrameFollower {
  follow(chunk: Uint8Array): void;
  /** A part of a frame or of its header came, and the rest did not. */
  readonly isWithin: boolean;
  /** The frame of size 0 came. */
  readonly hasEnded: boolean;
}

/** Frames as they come, in whatever pieces. After something else nothing is known of them. */
function createFrameFollower(): FrameFollower {
  const header = new Uint8Array(STREAM_PACKET_BYTES);
  let headerBytes = 0;
  let frameBytesLeft = 0;
  let isLost = false;
  let hasEnded = false;

  /** Takes bytes of a header, and returns how many. */
  function takeHeader(chunk: Uint8Array): number {
    const taken = Math.min(header.length - headerBytes, chunk.length);
    header.set(chunk.subarray(0, taken), headerBytes);
    headerBytes += taken;
    if (headerBytes < header.length) return taken;
    headerBytes = 0;
    const size = frameBytes(header);
    if (size === null) isLost = true;
    else frameBytesLeft = size;
    hasEnded = !isLost && frameBytesLeft === 0;
    return taken;
  }

  return {
    get isWithin() {
      return !isLost && (headerBytes > 0 || frameBytesLeft > 0);
    },
    get hasEnded() {
      return hasEnded;
    },
    follow(chunk) {
      for (let at = 0; at < chunk.length && !isLost && !hasEnded; ) {
        const taken = Math.min(frameBytesLeft, chunk.length - at);
        frameBytesLeft -= taken;
        at += taken > 0 ? taken : takeHeader(chunk.subarray(at));
      }
    },
  };
}
