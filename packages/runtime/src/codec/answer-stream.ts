/** The slave's side of functions that go on after their answer: streams either way, and bytes by cut-through. */
import { RpcError } from "../errors.js";
import type { CallContext, Slave } from "../peer/types.js";
import { type FunctionHandler, handlerOf } from "./answer-call.js";
import type { BulkCodec, BulkWithCodec, StreamCodec, WithData } from "./function-codec.js";
import { badResult, Misfit } from "./misfit.js";

/** Cut-through has no handshake: how long the line may take, by the slowest rate in use and some more. */
const BULK_GRACE_MS = 5_000;
const BULK_SLOWEST_BYTES_PER_MS = 0.5;

type Items<T> = Iterable<T> | AsyncIterable<T>;

/** Answers with nothing, then streams what the implementation gives. */
export function answerStream<A extends readonly unknown[], T>(
  slave: Slave,
  codec: StreamCodec<A, T>,
  run: (argument: A, context: CallContext) => Items<T>,
): FunctionHandler {
  return answerStreamWith(slave, codec, (argument, context) => {
    return { header: undefined, items: run(argument, context) };
  });
}

/** Answers with the `with` part, then streams the items. */
export function answerStreamWith<A extends readonly unknown[], T, H>(
  slave: Slave,
  codec: StreamCodec<A, T, H>,
  run: (argument: A, context: CallContext) => Opening<T, H> | Promise<Opening<T, H>>,
): FunctionHandler {
  const handler = handlerOf(codec, async (argument, context) => {
    const { header, items } = await run(argument, context);
    const answer = codec.encodeResult(header);
    slave.writeStream(context, encodeItems(codec, items));
    return answer;
  });
  return { codec, handler };
}

/** What the implementation of a stream with a `with` part gives. */
export interface Opening<T, H> {
  readonly header: H;
  readonly items: Items<T>;
}

async function* encodeItems<A extends readonly unknown[], T, H>(
  codec: StreamCodec<A, T, H>,
  items: Items<T>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const item of items) {
    const frame = codec.encodeItem(item);
    if (frame.length === 0) {
      throw badResult(new Misfit("item", "is empty, which would end the stream"), "encode");
    }
    yield frame;
  }
}

/** Answers with nothing, then puts the implementation's bytes on the line by cut-through. */
export function answerBulk<A extends readonly unknown[]>(
  codec: BulkCodec<A>,
  run: (argument: A, context: CallContext) => Uint8Array | Promise<Uint8Array>,
): FunctionHandler {
  const handler = handlerOf(codec, async (argument, context) => {
    const data = await run(argument, context);
    checkLength(data, codec.byteLength);
    context.schedule((link) => putAll(link, data));
    return codec.encodeResult();
  });
  return { codec, handler };
}

/** Answers with the `with` part, then puts the data on the line by cut-through. */
export function answerBulkWith<A extends readonly unknown[], H extends object, D extends string = "data">(
  codec: BulkWithCodec<A, H, D>,
  run: (argument: A, context: CallContext) => WithData<H, D> | Promise<WithData<H, D>>,
): FunctionHandler {
  const handler = handlerOf(codec, async (argument, context) => {
    const given = await run(argument, context);
    const data: Uint8Array = given[codec.dataField];
    const answer = codec.encodeResult(given);
    checkLength(data, codec.sizeField === null ? codec.byteLength : Number(given[codec.sizeField]));
    context.schedule((link) => putAll(link, data));
    return answer;
  });
  return { codec, handler };
}

function checkLength(data: Uint8Array, wanted: number | null): void {
  if (wanted === null || data.length === wanted) return;
  throw badResult(new Misfit("bulk", `${data.length} bytes, exactly ${wanted} wanted`), "encode");
}

async function putAll(link: Slave["link"], data: Uint8Array): Promise<void> {
  const timeoutMs = BULK_GRACE_MS + data.length / BULK_SLOWEST_BYTES_PER_MS;
  if (!(await link.putBytes(data, timeoutMs))) {
    const message = `${data.length} bytes did not go out within ${Math.round(timeoutMs)} ms`;
    throw new RpcError("timeout", message, { phase: "cut-through", executed: "yes" });
  }
}
