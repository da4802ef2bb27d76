/**
 * The only door for generated code, versioned: what is exported here keeps its meaning for as long as
 * code that was generated for it may run.
 */
export { RemoteError, RpcError } from "../errors.js";
export type {
  CallContext,
  CallOptions,
  Master,
  Slave,
  Stream,
  StreamOptions,
} from "../peer/types.js";
export { answerAccept, answerAcceptWith, type Receiving } from "./answer-accept.js";
export { answerCall, registerFunctions } from "./answer-call.js";
export {
  answerBulk,
  answerBulkWith,
  answerStream,
  answerStreamWith,
  type Opening,
} from "./answer-stream.js";
export {
  checkList,
  readBytes,
  readNumbers,
  readNumbersBigEndian,
  writeBytes,
  writeNumbers,
  writeNumbersBigEndian,
} from "./bytes.js";
export {
  callFunction,
  openFunctionStream,
  readFunctionBulk,
  readFunctionBulkWith,
  sendFunctionStream,
} from "./call-function.js";
export { afterCallNumber } from "./call-number.js";
export type {
  BulkCodec,
  BulkWithCodec,
  ErrorCodec,
  FunctionCodec,
  Size,
  StreamCodec,
  WithData,
} from "./function-codec.js";
export { type JsonValue, readJson, writeJson } from "./json.js";
export { badArgument, badItem, badResult, misfit, within } from "./misfit.js";
export { isF32 } from "./number.js";
export { Reader, readBool } from "./reader.js";
export { type InterfaceSchema, registerSchema, verifySchema } from "./schema.js";
export { remoteFailure } from "./status.js";
export { readFixedText, readText, writeFixedText, writeText } from "./text.js";
export { startMessage, type Writer } from "./writer.js";
