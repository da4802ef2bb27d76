/** Names that generated TypeScript may not give to what people declared. */

/** Reserved in modules, which are strict; as properties they are fine. */
const KEYWORDS = `
  arguments async await break case catch class const continue debugger default delete do else enum eval
  export extends false finally for function if implements import in instanceof interface let new null
  package private protected public return static super switch this throw true try typeof undefined var
  void while with yield any bigint boolean never number object string symbol unknown
`;

/** What generated code takes from the global scope. */
const GLOBALS = `
  Array AsyncDisposable AsyncIterable BigInt BigInt64Array BigUint64Array DataView Float32Array
  Float64Array Int16Array Int32Array Int8Array Iterable Math Promise Symbol Uint16Array Uint32Array Uint8Array
`;

/** Local names that codec bodies use as they are. */
const CODEC_LOCALS = "at bytes error from size to value view";

/** Properties of every error, and of every object. */
const ERROR_PROPERTIES = "cause code constructor executed message name phase stack toString valueOf";

export const RESERVED_ERROR_FIELDS: readonly string[] = words(ERROR_PROPERTIES);
export const RESERVED_NAMES: readonly string[] = words(KEYWORDS + GLOBALS);
export const RESERVED_CODEC_LOCALS: readonly string[] = words(CODEC_LOCALS);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
