// bebop, with what bebopc makes of frame.bop.
import { Frame } from "../generated/frame.bop.mjs";

/** A copy: what `encode` gives is a view of one buffer, which the next call overwrites. */
export const encode = (frame) => Frame.encode(frame).slice();
export const decode = (bytes) => Frame.decode(bytes);
