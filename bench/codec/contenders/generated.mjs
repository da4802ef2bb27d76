// What `rpcgen frame.idl` writes, all of its checks on.
import { decodeFrame, encodeFrame } from "../../../.cache/bench/codec/frame.types.mjs";

export const encode = encodeFrame;
export const decode = decodeFrame;
