/** What generated master stubs do: encode, call, judge the answer, decode. */
import { RpcError } from "../errors.js";
import type { CallOptions, Master, Stream, StreamOptions } from "../peer/types.js";
import { numberCall } from "./call-number.js";
import type {
  BulkCodec,
  BulkWithCodec,
  FunctionCodec,
  FunctionShape,
  StreamCodec,
  WithData,
} from "./function-codec.js";
import { ItemStream } from "./item-stream.js";
import { badArgument, badResult, Misfit } from "./misfit.js";

/** One call. */
export async function callFunction<A extends readonly unknown[], R>(
  master: Master,
  codec: FunctionCodec<A, R>,
  argument: A,
  options: CallOptions | undefined,
): Promise<R> {
  const encoded = codec.encodeArgument(argument);
  if (codec.once) numberCall(master, encoded);
  return decodeAnswer(codec, await master.call(codec.wireName, encoded, merged(codec, options)));
}

/**
 * A call, then a stream from the slave. Arguments that don't fit throw at once; nothing is sent before the
 * stream is iterated or its `header` asked for.
 */
export function openFunctionStream<A extends readonly unknown[], T, H>(
  master: Master,
  codec: StreamCodec<A, T, H>,
  argument: A,
  options: StreamOptions | undefined,
): Stream<T, H> {
  const frames = master.openStream(codec.wireName, codec.encodeArgument(argument), merged(codec, options));
  return new ItemStream(frames, (answer) => decodeAnswer(codec, answer), codec.decodeItem);
}

/** A call, then a stream to the slave, unless it refuses. Resolves with the `with` part once all is sent. */
export async function sendFunctionStream<A extends readonly unknown[], T, H>(
  master: Master,
  codec: StreamCodec<A, T, H>,
  argument: A,
  items: Iterable<T> | AsyncIterable<T>,
  options: StreamOptions | undefined,
): Promise<H> {
  const encoded = codec.encodeArgument(argument);
  let header: { readonly value: H } | null = null;
  const open = (answer: Uint8Array) => {
    header = { value: decodeAnswer(codec, answer) };
    return encodeItems(codec, items);
  };
  await master.sendStream(codec.wireName, encoded, open, merged(codec, options));
  return (header as { readonly value: H } | null)?.value as H;
}

/** A call, then bytes by cut-through, which nothing checks. `byteLength` as the caller or the language states it. */
export async function readFunctionBulk<A extends readonly unknown[]>(
  master: Master,
  codec: BulkCodec<A>,
  argument: A,
  byteLength: number,
  options: CallOptions | undefined,
): Promise<Uint8Array> {
  checkByteLength(byteLength);
  const judge = (answer: Uint8Array): number => {
    decodeAnswer(codec, answer);
    return byteLength;
  };
  const encoded = codec.encodeArgument(argument);
  return (await master.readBulk(codec.wireName, encoded, judge, merged(codec, options))).data;
}

/** As `readFunctionBulk`, for one with a `with` part, which may say how many bytes follow (`byteLength` is null then). */
export async function readFunctionBulkWith<
  A extends readonly unknown[],
  H extends object,
  D extends string = "data",
>(
  master: Master,
  codec: BulkWithCodec<A, H, D>,
  argument: A,
  byteLength: number | null,
  options: CallOptions | undefined,
): Promise<WithData<H, D>> {
  if (byteLength !== null) checkByteLength(byteLength);
  let header: H | null = null;
  const judge = (answer: Uint8Array): number => {
    header = decodeAnswer(codec, answer);
    return byteLength ?? statedSize(header, codec.sizeField);
  };
  const encoded = codec.encodeArgument(argument);
  const { data } = await master.readBulk(codec.wireName, encoded, judge, merged(codec, options));
  return { ...(header as H | null), [codec.dataField]: data } as WithData<H, D>;
}

function checkByteLength(byteLength: number): void {
  if (Number.isSafeInteger(byteLength) && byteLength >= 0) return;
  throw badArgument(new Misfit("byteLength", `${byteLength} is not a number of bytes`), "encode");
}

function statedSize<H extends object>(header: H, sizeField: keyof H | null): number {
  const size = sizeField === null ? Number.NaN : Number(header[sizeField]);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw badResult(new Misfit(String(sizeField), `${size} is not a number of bytes`), "decode");
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

async function* encodeItems<A extends readonly unknown[], T, H>(
  codec: StreamCodec<A, T, H>,
  items: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const item of items) yield codec.encodeItem(item);
}

function merged<O extends CallOptions>(
  { timeouts, idempotent, once }: FunctionShape,
  options: O | undefined,
): O | CallOptions {
  return {
    ...timeouts,
    ...options,
    sendTimeoutMs: options?.sendTimeoutMs ?? timeouts.sendTimeoutMs,
    recvTimeoutMs: options?.recvTimeoutMs ?? timeouts.recvTimeoutMs,
    ...(idempotent || once ? { repeatable: true } : {}),
  };
}
