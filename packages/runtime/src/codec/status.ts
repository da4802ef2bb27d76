/**
 * The byte before the result of a function that `throws`: 0; the number of a declared error, whose fields
 * follow; or 254 and 255 with a text.
 */
import { RemoteError, RpcError } from "../errors.js";
import type { ErrorCodec } from "./function-codec.js";
import { Misfit } from "./misfit.js";
import { Reader } from "./reader.js";
import { utf8Size } from "./text.js";

export const STATUS_BAD_ARGUMENT = 254;
export const STATUS_FAILURE = 255;

const LONGEST_TEXT = 200;

/** What the other side failed with, by an answer whose status is not 0. */
export function remoteFailure(answer: Uint8Array, errors: readonly ErrorCodec[]): RpcError | Misfit {
  const from = new Reader(answer);
  const status = from.view.getUint8(from.take(1, "status"));
  const declared = errors.find(({ number }) => number === status);
  if (declared !== undefined) {
    const error = declared.decode(from);
    from.end();
    return error;
  }
  // Lenient: a damaged text must not hide the failure that it describes.
  const text = new TextDecoder().decode(answer.subarray(1));
  if (status === STATUS_BAD_ARGUMENT) {
    return new RpcError("remote-bad-argument", `the other side refused the argument: ${text}`, {
      phase: "result",
      executed: "no",
    });
  }
  if (status === STATUS_FAILURE) {
    return new RpcError("remote-failure", `the function failed on the other side: ${text}`, {
      phase: "result",
      executed: "yes",
    });
  }
  return new Misfit("status", `${status} is none that this function can answer with`);
}

/** The answer for an error that the function declares; null for every other. Throws if its fields don't fit. */
export function declaredAnswer(error: unknown, errors: readonly ErrorCodec[]): Uint8Array | null {
  if (!(error instanceof RemoteError)) return null;
  return errors.find((codec) => codec.isOwn(error))?.encode(error) ?? null;
}

/** An answer with that status and as much of the text as 200 bytes hold. */
export function failureAnswer(status: number, error: unknown): Uint8Array {
  const text = new TextEncoder().encode(cutText(error instanceof Error ? error.message : String(error)));
  const answer = new Uint8Array(1 + text.length);
  answer[0] = status;
  answer.set(text, 1);
  return answer;
}

/** Whole characters only; a lone surrogate becomes U+FFFD, which has three bytes as well. */
function cutText(text: string): string {
  let cut = "";
  let size = 0;
  for (const character of text) {
    const more = utf8Size(character);
    size += more < 0 ? 3 : more;
    if (size > LONGEST_TEXT) break;
    cut += character;
  }
  return cut;
}
