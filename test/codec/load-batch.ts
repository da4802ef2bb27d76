/** Generates both languages for a file of many schemas, and runs what was generated: TypeScript here, Python on a board. */
import { generate } from "@rpcgen/codegen";
import { compile } from "@rpcgen/idl";
import type { FunctionDeclaration, Model } from "@rpcgen/idl/model";
import * as runtime from "@rpcgen/runtime/codec/v1";
import { transformSync } from "esbuild";
import { type Board, createBoard } from "../../packages/codegen/test/micropython/board.js";
import { SHOW } from "./spell-value.js";

/** What generated TypeScript offers of a function, without its types. */
export type Codec = runtime.StreamCodec<readonly unknown[], unknown, unknown>;

export interface LoadedFunction {
  readonly declaration: FunctionDeclaration;
  readonly codec: Codec;
}

export interface Batch {
  readonly model: Model;
  /** By the order of interfaces, then functions. */
  readonly schemas: readonly (readonly LoadedFunction[])[];
  readonly board: Board;
  /** A class of the generated TypeScript, such as a declared error's. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/** The interfaces are in a file that imports the types. */
export async function loadBatch(types: string, faces: string): Promise<Batch> {
  const files = { "batch.idl": `import "types.idl";\n${faces}`, "types.idl": types };
  const { model, diagnostics } = await compile("batch.idl", {
    read: (path) => new TextEncoder().encode(files[path as keyof typeof files]),
    resolve: (_, path) => path,
  });
  if (model === null) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    throw new Error(
      `${errors.map(({ code, message }) => `${code} ${message}`).join("\n")}\n${types}\n${faces}`,
    );
  }
  const options = {
    generatorVersion: "0.0.0",
    sourceFile: "batch.idl",
    singleFile: false,
    embedSchema: false,
  };
  const generated = await generate(model, { ...options, targets: ["typescript", "micropython"] });
  const textOf = (path: string) => {
    const file = generated.find((each) => each.path === path);
    if (file === undefined) throw new Error(`${path} was not generated`);
    return file.text;
  };
  const board = await createBoard();
  board.write("batch_rpc.py", textOf("batch_rpc.py"));
  board.write("show.py", SHOW);
  const exports = evaluate(textOf("batch.types.ts"));
  const schemas = model.interfaces.map(({ names, functions }) => {
    const codecs = exports[`${names.typescript}Functions`] as Readonly<Record<string, Codec>>;
    return functions.map((declaration) => {
      const codec = codecs[declaration.names.typescript];
      if (codec === undefined) throw new Error(`${declaration.names.typescript} has no codec`);
      return { declaration, codec };
    });
  });
  return { model, schemas, board, exports };
}

/** As CommonJS: there is no file that could be imported. */
function evaluate(text: string): Record<string, unknown> {
  const { code } = transformSync(text, { loader: "ts", format: "cjs", target: "es2022" });
  const module = { exports: {} as Record<string, unknown> };
  new Function("module", "exports", "require", code)(module, module.exports, () => runtime);
  return module.exports;
}

/** One call of a function of a schema on the board. */
export interface BoardCall {
  readonly function: string;
  readonly argument: Uint8Array;
  /** What the handler returns, as a Python expression. */
  readonly result: string;
  /** The name on the wire, where it is another. */
  readonly wire?: string;
  /** What the master streams after the call. */
  readonly frames: readonly Uint8Array[];
}

export interface BoardAnswer {
  /** Null if there was none. */
  readonly answer: Uint8Array | null;
  /** What the handler was given, as `show` writes it; null where it did not run. */
  readonly given: string | null;
  /** Whatever else was printed, in order. */
  readonly lines: readonly string[];
}

/** Serves the calls with an implementation of the interface, one after another. */
export function callBoard(board: Board, name: string, calls: readonly BoardCall[]): readonly BoardAnswer[] {
  const methods = [...new Set(calls.map((call) => call.function))];
  const hex = (bytes: Uint8Array) => `bytes.fromhex("${Buffer.from(bytes).toString("hex")}")`;
  const streams = calls.flatMap(({ frames }) => (frames.length > 0 ? [frames] : []));
  const lines = board.run(`
import rpc, batch_rpc, gc
from show import show, F
gc.collect()
RESULTS = [
${calls.map(({ result }) => `    lambda: ${result},`).join("\n")}
]
def fail(e):
    raise e
def answer(a):
    print("given " + show(a))
    # Each call has its own result, whether the handlers before it ran or not.
    return RESULTS[-1 - len(slave.calls)]()
class Mine(batch_rpc.${name}):
${methods.map((method) => `    def ${method}(self, *a): return answer(a)`).join("\n")}
slave = rpc.Slave(
    [${calls.map((call) => `("${call.wire ?? call.function}", ${hex(call.argument)}),`).join("\n        ")}],
    streams=[${streams.map((frames) => `[${frames.map(hex).join(", ")}],`).join("\n        ")}],
)
try:
    batch_rpc.serve(slave, Mine())
except KeyboardInterrupt:
    pass
`);
  return answersIn(lines, calls.length);
}

function answersIn(lines: readonly string[], count: number): readonly BoardAnswer[] {
  const starts = lines.flatMap((line, index) => (line.startsWith("call ") ? [index] : []));
  if (starts.length !== count) throw new Error(`${count} calls, but the board says\n${lines.join("\n")}`);
  return starts.map((start, index) => {
    const own = lines.slice(start + 1, starts[index + 1]);
    const find = (head: string) => own.find((line) => line.startsWith(head))?.slice(head.length) ?? null;
    const answer = find("answer ");
    return {
      answer: answer === null ? null : Uint8Array.from(Buffer.from(answer, "hex")),
      given: find("given "),
      lines: own.filter((line) => !line.startsWith("answer ") && !line.startsWith("given ")),
    };
  });
}
