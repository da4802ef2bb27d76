/** The byte before the result of a function that `throws`: 0, or how it failed and a text. */
import { RpcError } from "../errors.js";
import { Misfit } from "./misfit.js";
import { Reader } from "./reader.js";
import { utf8Size } from "./text.js";

export const STATUS_OK = 0;
export const STATUS_BAD_ARGUMENT = 254;
export const STATUS_FAILURE = 255;

const LONGEST_TEXT = 200;

/** A reader behind status 0; the remote error for the others. */
export function readStatus(answer: Uint8Array): Reader {
  const reader = new Reader(answer);
  const status = reader.view.getUint8(reader.take(1, "status"));
  if (status === STATUS_OK) return reader;
  // Lenient: a damaged text must not hide the failure that it describes.
  const text = new TextDecoder().decode(answer.subarray(1));
  if (status === STATUS_BAD_ARGUMENT) {
    throw new RpcError("remote-bad-argument", `the other side refused the argument: ${text}`, {
      phase: "result",
      executed: "no",
    });
  }
  if (status === STATUS_FAILURE) {
    throw new RpcError("remote-failure", `the function failed on the other side: ${text}`, {
      phase: "result",
      executed: "yes",
    });
  }
  throw new Misfit("status", `${status} is none that this function can answer with`);
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
