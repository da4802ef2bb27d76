/**
 * The reading side of a stream, for masters and slaves alike: says how many frames may be under way,
 * then takes frames and gives back one credit byte for each. Headers count only with the right magic
 * and the right crc. A frame of size 0 is the clean end; anything else that ends a stream is an error.
 */
import type { Clock } from "../clock.js";
import { RpcError, type RpcErrorCode } from "../errors.js";
import type { PushbackLink } from "../link/pushback-link.js";
import {
  decodePacket,
  encodePacket,
  encodeU32,
  Magic,
  PACKET_OVERHEAD,
  readU32,
  SIZE_PAYLOAD,
} from "../packet/packet.js";
import { FIRST_STREAM_TOKEN, nextStreamToken, STOP_TOKEN } from "../packet/stream-tokens.js";
import { fill } from "./fill.js";
import type { Expectation, PacketScanner } from "./scan.js";

export interface FrameReaderOptions {
  readonly link: PushbackLink;
  readonly scanner: PacketScanner;
  readonly clock: Clock;
  /** Frames that may be under way; 1 to 255. */
  readonly queueDepth: number;
  /** How long to wait for the next frame to begin. */
  readonly frameTimeoutMs: number;
  readonly maxMessageBytes: number;
  /** What may be left over from the call that opened the stream, and come before the first frame. */
  readonly leftOver: readonly Expectation[];
  readonly signal?: AbortSignal | undefined;
}

export interface FrameReader {
  /** Lets the writer begin. */
  open(): Promise<void>;
  /** The next frame, or null at the clean end. After null or an error there is nothing more to read. */
  next(): Promise<Uint8Array | null>;
  /** Tells a writer that still goes on to stop, with a byte that no credit ever is. */
  stop(): Promise<void>;
}

/** Within a frame: how long the writer may pause. */
const FRAME_GAP_MS = 1000;
const PUT_TIMEOUT_MS = 5000;
/** So long a writer may take for the frame that nobody wants any more. */
const STOP_TIMEOUT_MS = 500;
const FRAME_HEADER: Expectation = { magic: Magic.STREAM_FRAME, payloadBytes: SIZE_PAYLOAD };

export function createFrameReader(options: FrameReaderOptions): FrameReader {
  const { link, scanner, clock, signal, maxMessageBytes } = options;
  const header = new Uint8Array(SIZE_PAYLOAD + PACKET_OVERHEAD);
  const credit = new Uint8Array(1);
  let token = FIRST_STREAM_TOKEN;
  let isFirst = true;
  const isOfTransfers = link.traits.framing === "exact";
  const firstExpected = [...options.leftOver, FRAME_HEADER];
  /** The writer has ended the stream, or has left it: there is nobody to be told anything. */
  let isOver = false;

  function failure(code: RpcErrorCode, message: string): RpcError {
    isOver = !signal?.aborted && code !== "too-large";
    if (signal?.aborted) {
      const cause: unknown = signal.reason;
      return new RpcError("aborted", "the stream was aborted", { phase: "stream", executed: "yes", cause });
    }
    return new RpcError(code, message, { phase: "stream", executed: "yes" });
  }

  async function put(bytes: Uint8Array): Promise<void> {
    if (!(await link.putBytes(bytes, PUT_TIMEOUT_MS))) {
      throw failure("stream-broken", "the line takes nothing any more");
    }
  }

  /**
   * The size of the first frame. Packets that are left over from the call may come before it; but nothing that is
   * no packet, or a first frame whose header was damaged would be skipped and the second taken for it.
   */
  async function readFirstSize(): Promise<number> {
    const skippedBefore = scanner.skippedBytes;
    const until = clock.now() + options.frameTimeoutMs;
    for (;;) {
      const waitMs = Math.max(0, until - clock.now());
      const packet = await scanner.next(firstExpected, { waitMs, signal });
      if (scanner.skippedBytes !== skippedBefore) {
        throw failure("stream-broken", "bytes before the first frame that are no packet");
      }
      if (packet === null) throw failure("stream-broken", `no frame within ${options.frameTimeoutMs} ms`);
      if (packet.magic === Magic.STREAM_FRAME) return readU32(packet.payload, 0);
    }
  }

  async function readSize(): Promise<number> {
    if (isFirst) {
      isFirst = false;
      return readFirstSize();
    }
    if (!(await link.getBytes(header, options.frameTimeoutMs, signal))) {
      throw failure("stream-broken", `no frame within ${options.frameTimeoutMs} ms`);
    }
    const payload = decodePacket(header, Magic.STREAM_FRAME);
    if (payload !== null) return readU32(payload, 0);
    // A peer that has left the stream may be speaking of something else by now.
    link.unread(header);
    throw failure("stream-broken", "a frame header with a wrong magic or crc");
  }

  /**
   * Where a transfer meets another or nothing moves, a writer that offers its next frame hears nothing until that
   * was fetched.
   */
  async function fetchNext(): Promise<"ended" | "waits for a credit"> {
    if (!(await link.getBytes(header, STOP_TIMEOUT_MS))) return "waits for a credit";
    const payload = decodePacket(header, Magic.STREAM_FRAME);
    const size = payload === null ? maxMessageBytes + 1 : readU32(payload, 0);
    if (size === 0) return "ended";
    if (size <= maxMessageBytes) await link.getBytes(new Uint8Array(size), STOP_TIMEOUT_MS);
    return "waits for a credit";
  }

  return {
    open: () => put(encodePacket(Magic.STREAM_SETUP, encodeU32(options.queueDepth))),
    async next() {
      // Frames that have come already are not for a caller who wants no more.
      if (signal?.aborted) throw failure("stream-broken", "aborted");
      const size = await readSize();
      if (size > maxMessageBytes) {
        throw failure("too-large", `a frame of ${size} bytes; at most ${maxMessageBytes} are accepted`);
      }
      const frame = new Uint8Array(size);
      if ((await fill(link, clock, frame, { gapMs: FRAME_GAP_MS, signal })) < size) {
        throw failure("stream-broken", `a frame of ${size} bytes broke off`);
      }
      credit[0] = token;
      token = nextStreamToken(token);
      await put(credit);
      isOver = size === 0;
      return isOver ? null : frame;
    },
    async stop() {
      if (isOver || (isOfTransfers && (await fetchNext()) === "ended")) return;
      credit[0] = STOP_TOKEN;
      if (isOfTransfers) await link.putBytes(credit, STOP_TIMEOUT_MS);
      else await put(credit);
    },
  };
}
