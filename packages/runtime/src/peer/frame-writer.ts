/**
 * The writing side of a stream, for masters and slaves alike: waits until the reader says how many
 * frames may be under way, then sends frames while it has credit. A wrong or missing credit ends it.
 *
 * On I2C and SPI a header and its frame are read in a transfer each, so they are written in one each.
 */
import { RpcError, type RpcErrorCode } from "../errors.js";
import type { PushbackLink } from "../link/pushback-link.js";
import { putPieces } from "../link/put-pieces.js";
import { COMMAND_PAYLOAD, encodePacket, encodeU32, Magic, readU32, SIZE_PAYLOAD } from "../packet/packet.js";
import { FIRST_STREAM_TOKEN, nextStreamToken, STOP_TOKEN } from "../packet/stream-tokens.js";
import type { Expectation, PacketScanner } from "./scan.js";
import type { Frames } from "./types.js";

export interface FrameWriterOptions {
  readonly link: PushbackLink;
  readonly scanner: PacketScanner;
  /** How long to wait for the reader to begin, and for each credit. */
  readonly creditTimeoutMs: number;
  /** Ends with a frame of size 0, once everything before it was taken. */
  readonly endMark: boolean;
  readonly signal?: AbortSignal | undefined;
}

const DEEPEST_QUEUE = 255;
const PUT_TIMEOUT_MS = 5000;
/** On I2C and SPI: how long the reader may take for the credit of the end mark. */
const LAST_CREDIT_MS = 250;
/** On I2C and SPI a reader that does not come for a header has left. */
const HEADER_TIMEOUT_MS = 1000;
const SETUP: Expectation = { magic: Magic.STREAM_SETUP, payloadBytes: SIZE_PAYLOAD };
const COMMAND: Expectation = { magic: Magic.COMMAND_HEADER, payloadBytes: COMMAND_PAYLOAD };

/**
 * Writes all frames; resolves "ended", or "stopped" if the reader said that it wants no more. Rejects if
 * the stream breaks, and with whatever the frames' iterator throws. The iterator is closed in any case.
 */
export async function writeFrames(frames: Frames, options: FrameWriterOptions): Promise<"ended" | "stopped"> {
  const iterator = iteratorOf(frames);
  let isDone = false;
  try {
    const writer = await openWriter(options);
    for (;;) {
      const step = await untilAborted(Promise.resolve(iterator.next()), options.signal);
      if (step.done) break;
      if (step.value.length === 0 && options.endMark) {
        throw failure(options, "bad-argument", "an empty frame is the end mark and can't be sent as a frame");
      }
      if (!(await writer.send(step.value))) return "stopped";
    }
    isDone = true;
    if (options.endMark && !(await writer.end())) return "stopped";
    return "ended";
  } finally {
    if (!isDone) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

interface Writer {
  /** False: the reader wants no more. */
  send(frame: Uint8Array): Promise<boolean>;
  end(): Promise<boolean>;
}

async function openWriter(options: FrameWriterOptions): Promise<Writer> {
  const { link, scanner, creditTimeoutMs, signal } = options;
  const isExact = link.traits.framing === "exact";
  // A master that never heard of this stream's beginning calls again, and must not be kept waiting.
  const expected = isExact ? [SETUP] : [SETUP, COMMAND];
  const setup = await scanner.next(expected, { waitMs: creditTimeoutMs, signal });
  if (setup === null) throw failure(options, "stream-broken", `no reader within ${creditTimeoutMs} ms`);
  if (setup.magic === Magic.COMMAND_HEADER) {
    link.unread(encodePacket(Magic.COMMAND_HEADER, setup.payload));
    throw failure(options, "stream-broken", "another call came in the place of its reader");
  }
  const most = Math.min(link.traits.streamDepth, DEEPEST_QUEUE);
  const depth = Math.min(Math.max(readU32(setup.payload, 0), 1), most);
  const credit = new Uint8Array(1);
  let credits = depth;
  let token = FIRST_STREAM_TOKEN;

  async function write(pieces: readonly Uint8Array[], timeoutMs: number): Promise<void> {
    if (await putPieces(link, pieces, timeoutMs, signal)) return;
    throw failure(options, "stream-broken", "the line takes nothing any more");
  }

  /** False: the reader wants no more. */
  async function takeCredit(): Promise<boolean> {
    if (!(await link.getBytes(credit, creditTimeoutMs, signal))) {
      throw failure(options, "stream-broken", `no credit within ${creditTimeoutMs} ms`);
    }
    if (credit[0] === STOP_TOKEN) return false;
    if (credit[0] !== token) {
      link.unread(credit);
      throw failure(options, "stream-broken", "a wrong credit byte");
    }
    token = nextStreamToken(token);
    credits += 1;
    return true;
  }

  /** Header and frame, in one write where that is possible. */
  async function put(frame: Uint8Array): Promise<void> {
    const header = encodePacket(Magic.STREAM_FRAME, encodeU32(frame.length));
    if (isExact) {
      await write([header], HEADER_TIMEOUT_MS);
      if (frame.length > 0) await write([frame], PUT_TIMEOUT_MS);
    } else {
      await write([header, frame], PUT_TIMEOUT_MS);
    }
    credits -= 1;
  }

  return {
    async send(frame) {
      while (credits <= depth >> 1) {
        if (!(await takeCredit())) return false;
      }
      await put(frame);
      return true;
    },
    async end() {
      while (credits < depth) {
        if (!(await takeCredit())) return false;
      }
      await put(new Uint8Array(0));
      // A credit that nobody takes there would be taken for the next command's beginning.
      if (isExact) await link.getBytes(credit, LAST_CREDIT_MS, signal);
      return true;
    },
  };
}

function failure(options: FrameWriterOptions, code: RpcErrorCode, message: string): RpcError {
  if (options.signal?.aborted) {
    const cause: unknown = options.signal.reason;
    return new RpcError("aborted", "the stream was aborted", { phase: "stream", executed: "yes", cause });
  }
  return new RpcError(code, message, { phase: "stream", executed: "yes" });
}

function iteratorOf(frames: Frames): AsyncIterator<Uint8Array> | Iterator<Uint8Array> {
  return Symbol.asyncIterator in frames ? frames[Symbol.asyncIterator]() : frames[Symbol.iterator]();
}

/** What `step` becomes, or a rejection as soon as the signal aborts: a camera may take its time for a frame. */
function untilAborted<T>(step: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return step;
  return new Promise((resolve, reject) => {
    const onAbort = () =>
      reject(
        new RpcError("aborted", "the stream was aborted", {
          phase: "stream",
          executed: "yes",
          cause: signal.reason,
        }),
      );
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    step.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
