/**
 * `@once`: the argument starts with a u32 call number, so that a slave which is asked again knows the call
 * and repeats its answer instead of running the function a second time.
 */
import { crc16 } from "../packet/crc16.js";
import type { Handler, Master } from "../peer/types.js";
import { Misfit } from "./misfit.js";

export const CALL_NUMBER_BYTES = 4;

const nextNumbers = new WeakMap<Master, number>();

/** Puts the master's next call number into the room left for it. A session's first number is random. */
export function numberCall(master: Master, argument: Uint8Array): void {
  const number = nextNumbers.get(master) ?? Math.floor(Math.random() * 2 ** 32);
  nextNumbers.set(master, (number + 1) >>> 0);
  new DataView(argument.buffer, argument.byteOffset, CALL_NUMBER_BYTES).setUint32(0, number, true);
}

/**
 * Runs `handler` for a call that is new; for the same number and argument as the last time, its answer is
 * given once more. What is no call number at all is left to `handler` to refuse.
 */
export function answerOnce(handler: Handler): Handler {
  let last: { readonly call: string; readonly answer: ReturnType<Handler> } | null = null;
  return (argument, context) => {
    if (argument.length < CALL_NUMBER_BYTES) return handler(argument, context);
    // The number is among the bytes that are summed up, and named as well: a crc has 16 bits.
    const number = argument.subarray(0, CALL_NUMBER_BYTES).join(".");
    const call = `${number} ${argument.length} ${crc16(argument)}`;
    if (last?.call !== call) last = { call, answer: handler(argument, context) };
    return last.answer;
  };
}

/** Where the arguments start, behind the call number of a message that has one. */
export function afterCallNumber(bytes: Uint8Array): number {
  if (bytes.length >= CALL_NUMBER_BYTES) return CALL_NUMBER_BYTES;
  throw new Misfit("", `${bytes.length} bytes came, which is too short for a call number`);
}
