/** The answering side: what is registered, the streams that follow a call, and serving. */
import { systemClock } from "../clock.js";
import { RpcError } from "../errors.js";
import type { Link } from "../link/link.js";
import { createPushbackLink } from "../link/pushback-link.js";
import { hashName } from "../packet/hash-name.js";
import { Magic } from "../packet/packet.js";
import { createFrameReader } from "./frame-reader.js";
import { writeFrames } from "./frame-writer.js";
import { createPacketScanner } from "./packet-scanner.js";
import type { Registration } from "./served-call.js";
import { runSlaveSession } from "./slave-session.js";
import type { CallContext, Slave, SlaveOptions, StreamOptions } from "./types.js";

const DEFAULT_TIMEOUT_MS = 1000;
const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Requests for the result that a master may have sent more than once. */
const REQUESTS = [Magic.RESULT_HEADER, Magic.RESULT_DATA].map((magic) => ({ magic, payloadBytes: 0 }));

/** A slave on `link`. The link is the slave's from here on, and is closed with it. */
export function createSlave(link: Link, options: SlaveOptions = {}): Slave {
  const clock = options.clock ?? systemClock;
  const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
  const registrations = new Map<number, Registration>();
  const pushback = createPushbackLink(link);
  const scanner = createPacketScanner(pushback, clock);
  let isServing = false;

  /** What a listener throws must not end the service that it listens to. */
  function onError(error: unknown, wireName: string): void {
    try {
      if (options.onError === undefined) console.error(`rpc handler ${wireName} failed:`, error);
      else options.onError(error, wireName);
    } catch (failure) {
      console.error("onError of a slave failed:", failure);
    }
  }

  async function read(
    context: CallContext,
    consume: (frames: AsyncIterable<Uint8Array>) => void | Promise<void>,
    streamOptions: StreamOptions | undefined,
  ): Promise<void> {
    const { signal } = context;
    const reader = createFrameReader({
      link: pushback,
      scanner,
      clock,
      queueDepth: streamOptions?.queueDepth ?? 1,
      frameTimeoutMs: streamOptions?.recvTimeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxMessageBytes,
      leftOver: REQUESTS,
      signal,
    });
    let isOver = false;
    async function* frames(): AsyncGenerator<Uint8Array> {
      while (!isOver) {
        let frame: Uint8Array | null = null;
        try {
          frame = await reader.next();
        } finally {
          isOver = frame === null;
        }
        if (frame !== null) yield frame;
      }
    }
    await reader.open();
    try {
      await consume(frames());
    } finally {
      if (!isOver) await reader.stop();
    }
  }

  const slave: Slave = {
    link,
    register(name, handler) {
      const id = hashName(name);
      const taken = registrations.get(id);
      if (taken?.name === name) throw new Error(`${name} is registered already`);
      if (taken !== undefined) throw new Error(`${name} and ${taken.name} have the same id on the wire`);
      registrations.set(id, { name, handler });
    },
    writeStream(context, frames, streamOptions) {
      context.schedule(async () => {
        await writeFrames(frames, {
          link: pushback,
          scanner,
          creditTimeoutMs: DEFAULT_TIMEOUT_MS,
          endMark: streamOptions?.endMark ?? true,
          signal: context.signal,
        });
      });
    },
    readStream(context, consume, streamOptions) {
      context.schedule(() => read(context, consume, streamOptions));
    },
    async serve(serveOptions = {}) {
      if (isServing) throw new Error("this slave is serving already");
      isServing = true;
      const ending = new AbortController();
      const stop = () => ending.abort(serveOptions.signal?.reason);
      if (serveOptions.signal?.aborted) stop();
      serveOptions.signal?.addEventListener("abort", stop);
      try {
        await runSlaveSession({
          link: pushback,
          scanner,
          clock,
          registrations,
          sendTimeoutMs: options.sendTimeoutMs ?? DEFAULT_TIMEOUT_MS,
          recvTimeoutMs: serveOptions.recvTimeoutMs ?? DEFAULT_TIMEOUT_MS,
          maxMessageBytes,
          onError,
          onLoop: serveOptions.onLoop ?? (() => {}),
          signal: ending.signal,
        });
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        throw new RpcError(error.code, error.message, { phase: "serve", executed: "unknown", cause: error });
      } finally {
        serveOptions.signal?.removeEventListener("abort", stop);
        ending.abort(
          new RpcError("closed", "the slave stopped serving", { phase: "serve", executed: "unknown" }),
        );
        isServing = false;
      }
    },
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
  };
  return slave;
}
