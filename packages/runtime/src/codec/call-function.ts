/** What generated master stubs do: encode, call, judge the answer, decode. */
import { RpcError } from "../errors.js";
import type { CallOptions, Master, Stream, StreamOptions } from "../peer/types.js";
import type { BulkCodec, FunctionCodec, FunctionShape, StreamCodec } from "./function-codec.js";
import { badArgument, Misfit } from "./misfit.js";

/** One call. */
export async function callFunction<A extends readonly unknown[], R>(
  master: Master,
  codec: FunctionCodec<A, R>,
  argument: A,
  options: CallOptions | undefined,
): Promise<R> {
  const answer = await master.call(codec.wireName, codec.encodeArgument(argument), merged(codec, options));
  return decodeAnswer(codec, answer);
}

/**
 * A call, then a stream. Arguments that don't fit throw at once; nothing is sent before the stream is
 * iterated or its `header` asked for.
 */
export function openFunctionStream<A extends readonly unknown[], T>(
  master: Master,
  codec: StreamCodec<A, T>,
  argument: A,
  options: StreamOptions | undefined,
): Stream<T> {
  const frames = master.openStream(codec.wireName, codec.encodeArgument(argument), merged(codec, options));
  return new ItemStream(frames, codec);
}

/** A call, then bytes by cut-through, which nothing checks. `byteLength` as the caller or the language states it. */
export async function readFunctionBulk<A extends readonly unknown[]>(
  master: Master,
  codec: BulkCodec<A>,
  argument: A,
  byteLength: number,
  options: CallOptions | undefined,
): Promise<Uint8Array> {
  if (!Number.isSafeInteger(byteLength) || byteLength < 0) {
    throw badArgument(new Misfit("byteLength", `${byteLength} is not a number of bytes`), "encode");
  }
  const judge = (answer: Uint8Array): number => {
    decodeAnswer(codec, answer);
    return byteLength;
  };
  const encoded = codec.encodeArgument(argument);
  return (await master.readBulk(codec.wireName, encoded, judge, merged(codec, options))).data;
}

function decodeAnswer<A extends readonly unknown[], R>(codec: FunctionCodec<A, R>, answer: Uint8Array): R {
  if (answer.length === 0 && codec.emptyAnswer === "failed") {
    const message =
      `${codec.wireName}: the answer is empty, which is no result: ` +
      "the name is not registered on the other side, or its handler failed";
    throw new RpcError("not-registered", message, { phase: "result", executed: "unknown" });
  }
  return codec.decodeResult(answer);
}

function merged<O extends CallOptions>({ timeouts }: FunctionShape, options: O | undefined): O | CallOptions {
  return {
    ...timeouts,
    ...options,
    sendTimeoutMs: options?.sendTimeoutMs ?? timeouts.sendTimeoutMs,
    recvTimeoutMs: options?.recvTimeoutMs ?? timeouts.recvTimeoutMs,
  };
}

/** The frames of a stream as items; judges the call's answer before the first one. */
class ItemStream<A extends readonly unknown[], T> implements Stream<T> {
  readonly #frames: Stream<Uint8Array, Uint8Array>;
  readonly #codec: StreamCodec<A, T>;

  constructor(frames: Stream<Uint8Array, Uint8Array>, codec: StreamCodec<A, T>) {
    this.#frames = frames;
    this.#codec = codec;
  }

  get header(): Promise<void> {
    return this.#judge();
  }

  /** A refused call has no stream: ending it gives the link back to other calls. */
  async #judge(): Promise<void> {
    const answer = await this.#frames.header;
    try {
      decodeAnswer(this.#codec, answer);
    } catch (error) {
      await this.#frames[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    const frames = this.#frames[Symbol.asyncIterator]();
    const end = async (): Promise<IteratorResult<T>> => {
      await frames.return?.();
      return { done: true, value: undefined };
    };
    let judged = false;
    return {
      next: async () => {
        try {
          if (!judged) await this.#judge();
          judged = true;
          const frame = await frames.next();
          return frame.done === true ? frame : { done: false, value: this.#codec.decodeItem(frame.value) };
        } catch (error) {
          await end();
          throw error;
        }
      },
      return: end,
    };
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#frames[Symbol.asyncDispose]();
  }
}
