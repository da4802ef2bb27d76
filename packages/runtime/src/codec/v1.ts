/**
 * The only door for generated code, versioned: what is exported here keeps its meaning for as long as
 * code that was generated for it may run.
 */
export { RpcError } from "../errors.js";
export type {
  CallContext,
  CallOptions,
  Master,
  Slave,
  Stream,
  StreamOptions,
} from "../peer/types.js";
export { answerBulk, answerCall, answerStream, registerFunctions } from "./answer-call.js";
export {
  checkList,
  measureBytes,
  measureNumbers,
  readBytes,
  readNumbers,
  writeBytes,
  writeNumbers,
} from "./bytes.js";
export { callFunction, openFunctionStream, readFunctionBulk } from "./call-function.js";
export type { BulkCodec, FunctionCodec, Size, StreamCodec } from "./function-codec.js";
export { type JsonValue, measureJson, readJson, writeJson } from "./json.js";
export { badArgument, badResult, misfit, within } from "./misfit.js";
export { isF32 } from "./number.js";
export { Reader, readBool } from "./reader.js";
export { readStatus } from "./status.js";
export { checkFixedText, measureText, readFixedText, readText, writeText } from "./text.js";
export { Writer } from "./writer.js";
