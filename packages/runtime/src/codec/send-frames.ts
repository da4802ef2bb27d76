/**
 * A call whose answer is judged before anything is streamed to the slave. `Master.sendStream` gives the
 * answer only when the stream is over, and a slave that refuses the call never opens one: so this takes
 * the line by cut-through and writes the frames there.
 */
import { systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import { type Frames, type FrameWriterOptions, writeFrames } from "../peer/frame-writer.js";
import { createPacketScanner } from "../peer/packet-scanner.js";
import type { Master, StreamOptions } from "../peer/types.js";

type RereadableLink = FrameWriterOptions["link"];
type Link = Master["link"];

const DEFAULT_CREDIT_TIMEOUT_MS = 1000;

/** What `open` makes of the answer: the `with` part, and the frames, which are asked for one by one. */
export interface Opened<H> {
  readonly header: H;
  readonly frames: Frames;
}

/** What `open` throws ends the call: nothing is streamed then. */
export function sendFrames<H>(
  master: Master,
  wireName: string,
  argument: Uint8Array,
  options: StreamOptions,
  open: (answer: Uint8Array) => Opened<H>,
): Promise<H> {
  const body = async (line: Link, answer: Uint8Array): Promise<H> => {
    const { header, frames } = open(answer);
    const link = rereadable(line);
    const ended = await writeFrames(frames, {
      link,
      scanner: createPacketScanner(link, systemClock),
      creditTimeoutMs: options.recvTimeoutMs ?? DEFAULT_CREDIT_TIMEOUT_MS,
      endMark: true,
      signal: options.signal,
    });
    if (ended === "ended") return header;
    throw new RpcError("stream-broken", `${wireName}: the reader stopped the stream`, {
      phase: "stream",
      executed: "yes",
    });
  };
  return master.cutThrough(wireName, argument, body, options);
}

/** The line with bytes that were read too far in front of it. */
function rereadable(line: Link): RereadableLink {
  let held = new Uint8Array(0);
  return {
    traits: line.traits,
    get available() {
      return held.length + line.available;
    },
    async getBytes(into, timeoutMs, signal) {
      const front = held.subarray(0, into.length);
      if (front.length < into.length) {
        if (!(await line.getBytes(into.subarray(front.length), timeoutMs, signal))) return false;
      }
      into.set(front);
      held = held.slice(front.length);
      return true;
    },
    putBytes: (data, timeoutMs, signal) => line.putBytes(data, timeoutMs, signal),
    unread(bytes) {
      const all = new Uint8Array(bytes.length + held.length);
      all.set(bytes);
      all.set(held, bytes.length);
      held = all;
    },
    flush() {
      held = new Uint8Array(0);
      return line.flush();
    },
    close: () => line.close(),
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}
