/** One stream of a campaign: read, broken off or aborted, each frame compared with what was sent. */
import type { Master } from "../../src/index.js";
import type { EpisodeCounts } from "./campaign-counts.js";
import { STREAM_FRAME_BYTES } from "./campaign-peer.js";
import type { CallPlan } from "./campaign-plan.js";

/** Frames bear their number in every byte, so that a damaged one and a missing one can be told apart here. */
export async function readStream(
  master: Master,
  { argument, queueDepth, takesFrames }: CallPlan,
  signal: AbortSignal,
  counts: EpisodeCounts,
): Promise<"right" | "wrong"> {
  const stream = master.openStream("frames", argument, { queueDepth, signal });
  let taken = 0;
  let isWhole = true;
  let expected = 0;
  if (takesFrames > 0) {
    for await (const frame of stream) {
      if (frame.length !== STREAM_FRAME_BYTES) isWhole = false;
      else if (!frame.every((byte) => byte === frame[0])) counts.framesDamaged += 1;
      else if ((frame[0] as number) < expected) counts.framesDoubled += 1;
      else if ((frame[0] as number) > expected) counts.framesMissing += 1;
      expected = (frame[0] as number) + 1;
      taken += 1;
      if (taken >= takesFrames) break;
    }
  } else await stream.header;
  await stream[Symbol.asyncDispose]();
  counts.framesRead += taken;
  return isWhole ? "right" : "wrong";
}
