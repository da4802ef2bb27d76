/** Words that a declared name cannot be in generated code: of the languages, and of what the code itself uses. */

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Reserved in ECMAScript modules, as names of bindings. */
export const typescriptWords = words(`
  arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private
  protected public return static super switch this throw true try typeof undefined var void while with yield
`);

/**
 * Taken at the top of a generated TypeScript file: by the language's globals by
 * its types, and by the runtime.
 */
export const typescriptModuleWords = words(`
  Array ArrayBuffer AsyncDisposable AsyncIterable AsyncIterator BigInt BigInt64Array BigUint64Array Boolean
  CallContext CallOptions DataView Date Error Exclude Float32Array Float64Array Infinity Int8Array Int16Array
  Int32Array Iterable Iterator JSON JsonValue Link Map Master Math NaN Number Object Omit Partial Pick Promise
  PromiseLike Reader Readonly ReadonlyArray Record RemoteError Required RpcError Set Slave Stream StreamOptions
  String Symbol TextDecoder TextEncoder Uint8Array Uint8ClampedArray Uint16Array Uint32Array WeakMap Writer
  any bigint boolean globalThis never number object string symbol unknown
`);

/** Keywords of Python; `match` and `case` are none in MicroPython and only soft ones elsewhere. */
export const pythonWords = words(`
  False None True and as assert async await break class continue def del elif else except finally for from
  global if import in is lambda nonlocal not or pass raise return try while with yield
`);

/** Taken at the top of a generated Python module: by builtins and by what the module imports or defines. */
export const pythonModuleWords = words(`
  ArithmeticError Exception IndexError KeyError MemoryError NotImplementedError OSError OverflowError
  RuntimeError StopIteration TypeError UnicodeError ValueError abs all any array bool bytearray bytes callable
  chr const dict enumerate float getattr hasattr int isinstance iter json len list map max memoryview min
  namedtuple next object ord print property range repr round rpc serve set setattr sorted str struct sum super
  sys time tuple type zip
`);
