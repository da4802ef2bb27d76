/** A MicroPython with the board's modules and files in it; it runs one script to its end. */
import { loadMicroPython, type MicroPython } from "@micropython/micropython-webassembly-pyscript";
import type { BoardClock } from "./board-clock.js";
import type { BoardFile } from "./board-messages.js";
import { createBoardModule } from "./board-module.js";
import { captureMemory, createPythonMemory } from "./capture-memory.js";
import { createGarbageCollector } from "./garbage-collector.js";
import { createPrintedText } from "./printed-text.js";
import type { PythonMemory } from "./python-memory.js";
import type { BoardWire } from "./wire.js";

export interface BoardOptions {
  readonly wire: BoardWire;
  readonly clock: BoardClock;
  readonly files: readonly BoardFile[];
  readonly heapBytes: number;
  /** What else Python can import: JavaScript functions by the name of their module. */
  readonly createModules: (memory: PythonMemory) => Readonly<Record<string, object>>;
  readonly onOutput: (text: string) => void;
}

export interface Board {
  /** Runs a script of `/flash` as `__main__`; null, or the traceback as MicroPython prints it. */
  run(main: string): string | null;
}

export async function createBoard(options: BoardOptions): Promise<Board> {
  const printed = createPrintedText(options.onOutput);
  const { loaded: python, memory } = await captureMemory(() =>
    loadMicroPython({
      heapsize: options.heapBytes,
      linebuffer: false,
      stdout: printed.write,
    }),
  );
  const pythonMemory = createPythonMemory(memory);
  const modules = {
    _board: createBoardModule({
      wire: options.wire,
      clock: options.clock,
      memory: pythonMemory,
      garbage: createGarbageCollector(python, memory),
      onWait: printed.flush,
    }),
    ...options.createModules(pythonMemory),
  };
  for (const [name, module] of Object.entries(modules)) python.registerJsModule(name, module);
  writeFiles(python, options.files);
  python.runPython("__import__('virtual_boot')");
  return {
    run(main: string): string | null {
      try {
        python.runPython(
          `exec(compile(open(${JSON.stringify(main)}).read(), ${JSON.stringify(main)}, 'exec'))`,
        );
        return null;
      } catch (error) {
        return tracebackOf(error);
      } finally {
        printed.flush();
      }
    },
  };
}

function writeFiles(python: MicroPython, files: readonly BoardFile[]): void {
  python.FS.mkdirTree("/flash");
  for (const { path, data } of files) {
    python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    python.FS.writeFile(path, data);
  }
}

/** The traceback without the line that started the script; null for `SystemExit`, which is no error. */
function tracebackOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("type" in error)) throw error;
  if (error.type === "SystemExit") return null;
  return error.message.replace(/^ {2}File "<stdin>", line 1, in <module>\n/m, "");
}
