/** What generated code imports from the runtime, by name. */

export const RUNTIME_MODULE = "@rpcgen/runtime/codec/v1";

const RUNTIME_TYPES = [
  "BulkCodec",
  "BulkWithCodec",
  "CallContext",
  "CallOptions",
  "ErrorCodec",
  "FunctionCodec",
  "InterfaceSchema",
  "JsonValue",
  "Master",
  "Opening",
  "Receiving",
  "Slave",
  "Stream",
  "StreamCodec",
  "StreamOptions",
  "WithData",
  "Writer",
] as const;

/** `Reader` is a type in parameters and a value where one is made. */
const RUNTIME_VALUES = [
  "Reader",
  "RemoteError",
  "afterCallNumber",
  "answerAccept",
  "answerAcceptWith",
  "answerBulk",
  "answerBulkWith",
  "answerCall",
  "answerStream",
  "answerStreamWith",
  "badArgument",
  "badItem",
  "badResult",
  "callFunction",
  "checkList",
  "isF32",
  "misfit",
  "openFunctionStream",
  "readBool",
  "readBytes",
  "readFixedText",
  "readFunctionBulk",
  "readFunctionBulkWith",
  "readJson",
  "readNumbers",
  "readNumbersBigEndian",
  "readText",
  "registerFunctions",
  "registerSchema",
  "remoteFailure",
  "sendFunctionStream",
  "startMessage",
  "verifySchema",
  "within",
  "writeBytes",
  "writeFixedText",
  "writeJson",
  "writeNumbers",
  "writeNumbersBigEndian",
  "writeText",
] as const;

export type RuntimeType = (typeof RUNTIME_TYPES)[number];
export type RuntimeName = RuntimeType | (typeof RUNTIME_VALUES)[number];

export const RUNTIME_EXPORTS: readonly RuntimeName[] = [...RUNTIME_TYPES, ...RUNTIME_VALUES];

export function isRuntimeType(name: string): boolean {
  return (RUNTIME_TYPES as readonly string[]).includes(name);
}
