/**
 * Which way a message takes on a network link, as the former network classes have it: up to 1,400 bytes by
 * UDP, more by TCP; and all that belongs to a stream by TCP, however short. The library knows when it streams;
 * a link sees only bytes, so what opens a stream is told by the magic that it begins with.
 */

export type Way = "udp" | "tcp";

/** Most bytes that go by UDP: what fits an Ethernet frame. */
export const LARGEST_DATAGRAM = 1400;

const STREAM_SETUP_MAGIC = 0xedf6;
const STREAM_FRAME_MAGIC = 0x542e;
const COMMAND_HEADER_MAGIC = 0x1209;
/** Of a stream's setup and of a frame's header. */
export const STREAM_PACKET_BYTES = 8;
const SIZE_AT = 2;
const ID_BYTES = 4;
const COMMAND_HEADER_BYTES = 12;

/** What a message is to a stream. */
export type Part = "none" | "reads" | "writes";

export interface NetworkRoute {
  /** What the last message was, for the stream that this side reads or writes. */
  readonly part: Part;
  /** The way of the next message of this side; call it once for each. */
  wayOf(message: Uint8Array): Way;
}

export function createNetworkRoute(): NetworkRoute {
  /** This side reads a stream: what it sends are credits. */
  let isReader = false;
  /** This side writes a stream: so many bytes of the current frame are still to come. */
  let frameBytesLeft = 0;
  let part: Part = "none";

  /** Takes frame headers and frames off the front of what is written, in whatever pieces it comes. */
  function takeFrames(message: Uint8Array): void {
    let at = Math.min(frameBytesLeft, message.length);
    frameBytesLeft -= at;
    while (at < message.length && magicOf(message, at) === STREAM_FRAME_MAGIC) {
      const size = sizeOf(message, at);
      const taken = Math.min(size, message.length - at - STREAM_PACKET_BYTES);
      frameBytesLeft = size - taken;
      at += STREAM_PACKET_BYTES + taken;
    }
  }

  function partOf(message: Uint8Array): Part {
    const magic = magicOf(message, 0);
    if (frameBytesLeft > 0 || (message.length >= STREAM_PACKET_BYTES && magic === STREAM_FRAME_MAGIC)) {
      takeFrames(message);
      return "writes";
    }
    // Credits never begin like the next call: in their sequence 0x09 is not followed by 0x12.
    if (isReader && magic !== COMMAND_HEADER_MAGIC) return "reads";
    isReader = message.length === STREAM_PACKET_BYTES && magic === STREAM_SETUP_MAGIC;
    return isReader ? "reads" : "none";
  }

  return {
    get part() {
      return part;
    },
    wayOf(message) {
      part = partOf(message);
      return part === "none" && message.length <= LARGEST_DATAGRAM ? "udp" : "tcp";
    },
  };
}

const magicOf = (message: Uint8Array, at: number): number | null =>
  message.length < at + 2 ? null : (message[at] as number) | ((message[at + 1] as number) << 8);

function sizeOf(message: Uint8Array, at: number): number {
  if (message.length < at + STREAM_PACKET_BYTES) return 0;
  return new DataView(message.buffer, message.byteOffset + at + SIZE_AT, 4).getUint32(0, true);
}

/** The size of the argument that a command header announces, or null if this is none. */
export function announcedBytes(message: Uint8Array): number | null {
  if (message.length !== COMMAND_HEADER_BYTES || magicOf(message, 0) !== COMMAND_HEADER_MAGIC) return null;
  return sizeOf(message, ID_BYTES);
}

/** The size in a frame's header; null if it is none. */
export const frameBytes = (header: Uint8Array): number | null =>
  magicOf(header, 0) === STREAM_FRAME_MAGIC ? sizeOf(header, 0) : null;
