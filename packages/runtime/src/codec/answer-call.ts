/**
 * What generated slave skeletons do: decode, run the implementation, encode, and answer for what fails.
 * A failure is always reported to the slave's `onError`, and serving goes on.
 */
import { RpcError } from "../errors.js";
import type { CallContext, Handler, Slave } from "../peer/types.js";
import type { BulkCodec, FunctionCodec, FunctionShape, StreamCodec } from "./function-codec.js";
import { badResult, Misfit } from "./misfit.js";
import { failureAnswer, STATUS_BAD_ARGUMENT, STATUS_FAILURE } from "./status.js";

/** One function of those that answer to a wire name. */
export interface FunctionHandler {
  readonly codec: FunctionShape;
  readonly handler: Handler;
}

/** Cut-through has no handshake: how long the line may take, by the slowest rate in use and some more. */
const BULK_GRACE_MS = 5_000;
const BULK_SLOWEST_BYTES_PER_MS = 0.5;

/** Answers with the implementation's result. */
export function answerCall<A extends readonly unknown[], R>(
  codec: FunctionCodec<A, R>,
  run: (argument: A, context: CallContext) => R | Promise<R>,
): FunctionHandler {
  return { codec, handler: handlerOf(codec, async (argument, context) => run(argument, context)) };
}

/** Answers with nothing, then streams what the implementation gives. */
export function answerStream<A extends readonly unknown[], T>(
  slave: Slave,
  codec: StreamCodec<A, T>,
  run: (argument: A, context: CallContext) => Iterable<T> | AsyncIterable<T>,
): FunctionHandler {
  const handler = handlerOf(codec, async (argument, context) => {
    slave.writeStream(context, encodeItems(codec, run(argument, context)));
  });
  return { codec, handler };
}

/** Answers with nothing, then puts the implementation's bytes on the line by cut-through. */
export function answerBulk<A extends readonly unknown[]>(
  codec: BulkCodec<A>,
  run: (argument: A, context: CallContext) => Uint8Array | Promise<Uint8Array>,
): FunctionHandler {
  const handler = handlerOf(codec, async (argument, context) => {
    const data = await run(argument, context);
    const wanted = codec.byteLength;
    if (wanted !== null && data.length !== wanted) {
      throw badResult(new Misfit("bulk", `${data.length} bytes, exactly ${wanted} wanted`), "encode");
    }
    context.schedule((link) => putAll(link, data));
  });
  return { codec, handler };
}

/** Registers a wire name; several functions under one are told apart by the size of their argument. */
export function registerFunctions(slave: Slave, first: FunctionHandler, ...others: FunctionHandler[]): void {
  const functions = [first, ...others];
  slave.register(first.codec.wireName, (argument, context) => {
    // Where none fits, the first says what is wrong with it.
    const chosen = functions.find(({ codec }) => fits(argument.length, codec)) ?? first;
    return chosen.handler(argument, context);
  });
}

function fits(length: number, { argumentSize }: FunctionShape): boolean {
  return length >= argumentSize.min && length <= (argumentSize.max ?? Infinity);
}

function handlerOf<A extends readonly unknown[], R>(
  codec: FunctionCodec<A, R>,
  run: (argument: A, context: CallContext) => Promise<R>,
): Handler {
  return async (bytes, context) => {
    let argument: A;
    try {
      argument = codec.decodeArgument(bytes);
    } catch (error) {
      return answerFailure(codec, STATUS_BAD_ARGUMENT, error, context);
    }
    try {
      return codec.encodeResult(await run(argument, context));
    } catch (error) {
      return answerFailure(codec, STATUS_FAILURE, error, context);
    }
  };
}

/** Nothing, where that cannot be mistaken for a result; no answer at all, where it could. */
function answerFailure(
  codec: FunctionShape,
  status: number,
  error: unknown,
  context: CallContext,
): Uint8Array | null {
  context.report(error);
  if (codec.throws) return failureAnswer(status, error);
  return codec.emptyAnswer === "failed" ? new Uint8Array(0) : null;
}

async function* encodeItems<A extends readonly unknown[], T>(
  codec: StreamCodec<A, T>,
  items: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const item of items) {
    const frame = codec.encodeItem(item);
    if (frame.length === 0) {
      throw badResult(new Misfit("item", "is empty, which would end the stream"), "encode");
    }
    yield frame;
  }
}

async function putAll(link: Slave["link"], data: Uint8Array): Promise<void> {
  const timeoutMs = BULK_GRACE_MS + data.length / BULK_SLOWEST_BYTES_PER_MS;
  if (!(await link.putBytes(data, timeoutMs))) {
    const message = `${data.length} bytes did not go out within ${Math.round(timeoutMs)} ms`;
    throw new RpcError("timeout", message, { phase: "cut-through", executed: "yes" });
  }
}
