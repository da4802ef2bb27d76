/** One stream of a campaign: written, read, broken off or aborted, each frame compared with what was sent. */
import { type Clock, sleep } from "../../src/clock.js";
import type { Master } from "../../src/index.js";
import { readU32 } from "../../src/packet/packet.js";
import { FRAME_BYTES } from "../../src/testing/index.js";
import type { EpisodeCounts } from "./campaign-counts.js";
import type { CallPlan } from "./campaign-plan.js";

/** What is wrong with a frame that was handed out as right. */
export type FrameFlaw = "damaged" | "missing" | "doubled" | "missing at the end" | "another stream's";

const NUMBER_AT = 4;
/** A camera takes its time for a frame: whatever befalls the line meanwhile, it goes on writing. */
const PACES_MS = [0, 0, 10, 40];

/** Frames bear their number in every byte, so that a damaged one and a missing one can be told apart here. */
export function* numberedFrames(argument: Uint8Array): Generator<Uint8Array> {
  const count = readU32(argument, 0);
  for (let number = 0; number < count; number++) yield new Uint8Array(FRAME_BYTES).fill(number & 255);
}

/** The same, at a pace and with the number of the call at the end: where nothing else may come, each byte is looked at. */
export async function* signedFrames(argument: Uint8Array, clock: Clock): AsyncGenerator<Uint8Array> {
  const call = argument.subarray(NUMBER_AT);
  const paceMs = PACES_MS[readU32(call, 0) % PACES_MS.length] as number;
  for (const frame of numberedFrames(argument)) {
    if (paceMs > 0) await sleep(clock, paceMs);
    frame.set(call, FRAME_BYTES - call.length);
    yield frame;
  }
}

export interface StreamReading {
  readonly signal: AbortSignal;
  readonly counts: EpisodeCounts;
  /** The frames are signed. */
  readonly areSigned: boolean;
  found(flaw: FrameFlaw): void;
}

export async function readStream(
  master: Master,
  { argument, queueDepth, takesFrames }: CallPlan,
  { signal, counts, areSigned, found }: StreamReading,
): Promise<"right" | "wrong"> {
  const stream = master.openStream("frames", argument, { queueDepth, signal });
  const end = areSigned ? argument.subarray(NUMBER_AT) : new Uint8Array(0);
  let taken = 0;
  let isWhole = true;
  let expected = 0;
  if (takesFrames > 0) {
    for await (const frame of stream) {
      if (frame.length !== FRAME_BYTES) isWhole = false;
      else if (!frame.subarray(0, FRAME_BYTES - end.length).every((byte) => byte === frame[0]))
        found("damaged");
      else if (!end.every((byte, at) => byte === frame[FRAME_BYTES - end.length + at]))
        found("another stream's");
      else if ((frame[0] as number) < expected) found("doubled");
      else if ((frame[0] as number) > expected) found("missing");
      expected = (frame[0] as number) + 1;
      taken += 1;
      if (taken >= takesFrames) break;
    }
    if (taken < Math.min(takesFrames, readU32(argument, 0))) found("missing at the end");
  } else await stream.header;
  await stream[Symbol.asyncDispose]();
  counts.framesRead += taken;
  return isWhole ? "right" : "wrong";
}
