// protobuf-es, with what protoc-gen-es makes of frame.proto. Its messages are made beforehand.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FrameSchema } from "../generated/protobuf-es/frame_pb.js";

export const prepare = (frame) => create(FrameSchema, frame);
export const encode = (message) => toBinary(FrameSchema, message);
export const decode = (bytes) => fromBinary(FrameSchema, bytes);
