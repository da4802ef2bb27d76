// bebop, with what bebopc makes of frame.bop.
import { BebopView } from "bebop";
import { Frame } from "../generated/frame.bop.mjs";

/** A copy: what `encode` gives is a view of one buffer, which the next call overwrites. */
export const encode = (frame) => Frame.encode(frame).slice();

/** As `Frame.decode` does it, but without its copy of the result that is frozen, which takes most of the time. */
export function decode(bytes) {
  const view = BebopView.getInstance();
  view.startReading(bytes);
  return Frame.readFrom(view);
}
