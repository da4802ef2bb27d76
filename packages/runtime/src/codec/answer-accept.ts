/**
 * The slave's side of `accept`: the master sends items once it has the answer. An implementation without
 * a `with` part simply reads them: the answer goes out when it asks for the first one, so that whatever it
 * throws before is still an answer. One with a `with` part gives it first, and a function for the items.
 */
import { RpcError } from "../errors.js";
import type { CallContext, Handler, Slave } from "../peer/types.js";
import { type FunctionHandler, handlerOf } from "./answer-call.js";
import type { StreamCodec } from "./function-codec.js";

/** What the implementation of an `accept` with a `with` part gives. */
export interface Receiving<T, H> {
  readonly header: H;
  /** Gets the items as they come. They end at the clean end and throw where the stream breaks. */
  receive(items: AsyncIterable<T>): void | Promise<void>;
}

/** Answers with the `with` part, then hands the items to `receive`. */
export function answerAcceptWith<A extends readonly unknown[], T, H>(
  slave: Slave,
  codec: StreamCodec<A, T, H>,
  run: (argument: A, context: CallContext) => Receiving<T, H> | Promise<Receiving<T, H>>,
): FunctionHandler {
  const handler = handlerOf(codec, async (argument, context) => {
    const receiving = await run(argument, context);
    const answer = codec.encodeResult(receiving.header);
    slave.readStream(context, (frames) => receiving.receive(decodeItems(codec, frames)));
    return answer;
  });
  return { codec, handler };
}

/** Answers with nothing when the implementation asks for the first item, or is done without. */
export function answerAccept<A extends readonly unknown[], T>(
  slave: Slave,
  codec: StreamCodec<A, T>,
  run: (argument: A, items: AsyncIterable<T>, context: CallContext) => void | Promise<void>,
): FunctionHandler {
  let waiting: Gate | null = null;
  const handler: Handler = handlerOf(codec, async (argument, context) => {
    if (waiting !== null) {
      const error = neverFetched(codec.wireName);
      context.report(error);
      waiting.fail(error);
      waiting = null;
    }
    const gate = createGate(context.signal);
    const done = Promise.resolve(run(argument, decodeItems(codec, gate.frames), context));
    // Whatever it throws later ends the stream, and is reported from there.
    await Promise.race([done, gate.asked]);
    const answer = codec.encodeResult();
    waiting = gate;
    slave.readStream(context, async (frames) => {
      gate.open(frames);
      if (waiting === gate) waiting = null;
      await done;
    });
    return answer;
  });
  return { codec, handler };
}

/** Frames that are not there yet: whoever asks for one waits until the stream is open. */
interface Gate {
  readonly frames: AsyncIterable<Uint8Array>;
  /** Resolves when the first one is asked for. */
  readonly asked: Promise<void>;
  open(frames: AsyncIterable<Uint8Array>): void;
  fail(reason: unknown): void;
}

function createGate(signal: AbortSignal): Gate {
  const ask = settleable<void>();
  const opening = settleable<AsyncIterable<Uint8Array>>();
  const stop = () => opening.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  // Nobody may ever ask.
  const opened = opening.promise.finally(() => signal.removeEventListener("abort", stop));
  opened.catch(() => {});
  async function* frames(): AsyncGenerator<Uint8Array, void, undefined> {
    ask.resolve();
    yield* await opened;
  }
  return { frames: frames(), asked: ask.promise, open: opening.resolve, fail: opening.reject };
}

function settleable<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve, reject };
}

async function* decodeItems<A extends readonly unknown[], T, H>(
  codec: StreamCodec<A, T, H>,
  frames: AsyncIterable<Uint8Array>,
): AsyncGenerator<T, void, undefined> {
  for await (const frame of frames) yield codec.decodeItem(frame);
}

function neverFetched(wireName: string): RpcError {
  return new RpcError("stream-broken", `${wireName}: the master never fetched the answer, and called again`, {
    phase: "stream",
    executed: "yes",
  });
}
