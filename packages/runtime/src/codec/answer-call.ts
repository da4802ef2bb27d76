/**
 * What generated slave skeletons do: decode, run the implementation, encode, and answer for what fails.
 * A failure that is not declared is always reported to the slave's `onError`, and serving goes on.
 */
import type { CallContext, Handler, Slave } from "../peer/types.js";
import { answerOnce } from "./call-number.js";
import type { FunctionCodec, FunctionShape } from "./function-codec.js";
import { declaredAnswer, failureAnswer, STATUS_BAD_ARGUMENT, STATUS_FAILURE } from "./status.js";

/** One function of those that answer to a wire name. */
export interface FunctionHandler {
  readonly codec: FunctionShape;
  readonly handler: Handler;
}

/** Answers with the implementation's result. */
export function answerCall<A extends readonly unknown[], R>(
  codec: FunctionCodec<A, R>,
  run: (argument: A, context: CallContext) => R | Promise<R>,
): FunctionHandler {
  const handler = handlerOf(codec, async (argument, context) => {
    return codec.encodeResult(await run(argument, context));
  });
  return { codec, handler: codec.once ? answerOnce(handler) : handler };
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

/** A handler that decodes the argument, and gives the answer of `run` or of what went wrong. */
export function handlerOf<A extends readonly unknown[], R>(
  codec: FunctionCodec<A, R>,
  run: (argument: A, context: CallContext) => Promise<Uint8Array>,
): Handler {
  return async (bytes, context) => {
    let argument: A;
    try {
      argument = codec.decodeArgument(bytes);
    } catch (error) {
      return answerFailure(codec, STATUS_BAD_ARGUMENT, error, context);
    }
    try {
      return await run(argument, context);
    } catch (error) {
      return answerError(codec, error, context);
    }
  };
}

/** A declared error is an answer like another; one whose fields don't fit is a failure of its own. */
function answerError(codec: FunctionShape, error: unknown, context: CallContext): Uint8Array | null {
  try {
    const answer = codec.throws ? declaredAnswer(error, codec.errors) : null;
    return answer ?? answerFailure(codec, STATUS_FAILURE, error, context);
  } catch (misfit) {
    return answerFailure(codec, STATUS_FAILURE, misfit, context);
  }
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
