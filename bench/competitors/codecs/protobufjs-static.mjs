// protobufjs, with the static code that pbjs makes of frame.proto.
import root from "../generated/protobufjs.cjs";
import { decoderOf, encoderOf } from "./protobufjs-bigint.mjs";

export const encode = encoderOf(root.frame.Frame);
export const decode = decoderOf(root.frame.Frame);
