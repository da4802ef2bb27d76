/** The camera library's `stream_writer` and `stream_reader`, for scheduled callbacks of a modelled slave. */

import { crc16 } from "../packet/crc16.js";
import {
  encodePacket,
  encodeU32,
  Magic,
  PACKET_OVERHEAD,
  readU16,
  readU32,
  SIZE_PAYLOAD,
} from "../packet/packet.js";
import { FIRST_STREAM_TOKEN, nextStreamToken } from "../packet/stream-tokens.js";
import type { StockPort } from "./stock-port.js";

export interface StockStreams {
  /** Sends frames until there are none or the stream breaks; an iterator that throws ends it, as there. */
  write(frames: Iterable<Uint8Array>): Promise<void>;
  /** Reads frames until the stream breaks; `onFrame` throws to stop it. */
  read(onFrame: (frame: Uint8Array) => void, queueDepth?: number): Promise<void>;
  /** Cut-through. */
  put(bytes: Uint8Array): Promise<void>;
  get(size: number): Promise<Uint8Array | null>;
}

/** Over UART the library polls so long for a first byte; the 2 ms rules hold for the others. */
const POLL_MS = 1000;
const PATIENCE = { pollMs: POLL_MS, timeoutMs: POLL_MS };
const FRAME_TIMEOUT_MS = 5000;
const FRAME_PATIENCE = { pollMs: POLL_MS, timeoutMs: FRAME_TIMEOUT_MS };
const DEEPEST_QUEUE = 255;

export function createStockStreams(port: StockPort): StockStreams {
  const header = async (magic: Magic): Promise<number | null> => {
    const packet = await port.read(SIZE_PAYLOAD + PACKET_OVERHEAD, PATIENCE);
    return packet !== null && isAccepted(packet, magic) ? readU32(packet, 2) : null;
  };
  return {
    async write(frames) {
      const asked = await header(Magic.STREAM_SETUP);
      if (asked === null) return;
      const depth = Math.max(1, Math.min(asked, DEEPEST_QUEUE));
      let credits = depth;
      let token = FIRST_STREAM_TOKEN;
      for (const frame of frames) {
        if (credits <= depth >> 1) {
          const credit = await port.read(1, PATIENCE);
          if (credit === null || credit[0] !== token) return;
          token = nextStreamToken(token);
          credits += 1;
        }
        const header = encodePacket(Magic.STREAM_FRAME, encodeU32(frame.length));
        if (!(await port.put(header, POLL_MS)) || !(await port.put(frame, FRAME_TIMEOUT_MS))) return;
        credits -= 1;
      }
    },
    async read(onFrame, queueDepth = 1) {
      if (!(await port.put(encodePacket(Magic.STREAM_SETUP, encodeU32(queueDepth)), POLL_MS))) return;
      for (let token = FIRST_STREAM_TOKEN; ; token = nextStreamToken(token)) {
        const size = await header(Magic.STREAM_FRAME);
        const frame = size === null ? null : await port.read(size, FRAME_PATIENCE);
        if (frame === null) return;
        onFrame(frame);
        if (!(await port.put(Uint8Array.of(token), POLL_MS))) return;
      }
    },
    async put(bytes) {
      await port.put(bytes, POLL_MS);
    },
    get: (size) => port.read(size, PATIENCE),
  };
}

/** Stock peers take a stream's packet whose magic or crc is right. */
function isAccepted(packet: Uint8Array, magic: Magic): boolean {
  const end = packet.length - 2;
  return readU16(packet, 0) === magic || crc16(packet, undefined, 0, end) === readU16(packet, end);
}
