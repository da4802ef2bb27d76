// ts-proto, with what its plugin makes of frame.proto.
import { Frame } from "../generated/ts-proto/frame.mjs";

export const encode = (frame) => Frame.encode(frame).finish();
export const decode = (bytes) => Frame.decode(bytes);
