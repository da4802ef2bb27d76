// protobufjs, which reads frame.proto when the program starts and makes its code there.
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { decoderOf, encoderOf } from "./protobufjs-bigint.mjs";

const root = protobuf.loadSync(fileURLToPath(new URL("../frame.proto", import.meta.url)));
const Frame = root.lookupType("frame.Frame");

export const encode = encoderOf(Frame);
export const decode = decoderOf(Frame);
