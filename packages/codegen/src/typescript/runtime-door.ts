/** What generated code imports from the runtime, by name. */

export const RUNTIME_MODULE = "@rpcgen/runtime/codec/v1";

const RUNTIME_TYPES = [
  "BulkCodec",
  "CallContext",
  "CallOptions",
  "FunctionCodec",
  "JsonValue",
  "Master",
  "Slave",
  "Stream",
  "StreamCodec",
  "StreamOptions",
] as const;

/** `Reader` is a type in parameters and a value where one is made. */
const RUNTIME_VALUES = [
  "Reader",
  "Writer",
  "answerBulk",
  "answerCall",
  "answerStream",
  "badArgument",
  "badResult",
  "callFunction",
  "checkFixedText",
  "checkList",
  "isF32",
  "measureBytes",
  "measureJson",
  "measureNumbers",
  "measureText",
  "misfit",
  "openFunctionStream",
  "readBool",
  "readBytes",
  "readFixedText",
  "readFunctionBulk",
  "readJson",
  "readNumbers",
  "readStatus",
  "readText",
  "registerFunctions",
  "within",
  "writeBytes",
  "writeJson",
  "writeNumbers",
  "writeText",
] as const;

export type RuntimeType = (typeof RUNTIME_TYPES)[number];
export type RuntimeName = RuntimeType | (typeof RUNTIME_VALUES)[number];

export const RUNTIME_EXPORTS: readonly RuntimeName[] = [...RUNTIME_TYPES, ...RUNTIME_VALUES];

export function isRuntimeType(name: string): boolean {
  return (RUNTIME_TYPES as readonly string[]).includes(name);
}
