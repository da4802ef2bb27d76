/**
 * Collects Python's garbage while a script runs. This build of MicroPython does so only when the
 * outermost call from JavaScript returns, as it can't see the C stack; a camera script never returns,
 * and its heap would grow without end. Everything that running Python code holds is on the Python
 * stack, though, which the collector does scan, so a collection is safe where Python has called a plain
 * function: the places where a script waits. (Not safe would be a wait inside a generator that C code
 * such as `list()` is just emptying.)
 */
import type { MicroPython } from "@micropython/micropython-webassembly-pyscript";

/** Calls nested this deep tell the counter of outer calls apart from every other word. */
const PROBE_DEPTH = 4;

export interface GarbageCollector {
  /** Only for functions that Python calls. */
  collect(): void;
}

/**
 * `staticBytes` bounds the search for MicroPython's counter of calls from JavaScript. It is found by its
 * behaviour, and the loader fails rather than guess if that does not single it out.
 */
export function createGarbageCollector(
  python: MicroPython,
  memory: WebAssembly.Memory,
  staticBytes = 1 << 20,
): GarbageCollector {
  let requestCollection = (): void => {};
  const searched = createDepthSearch(python, memory, staticBytes);
  python.registerJsModule("_probe", {
    descend: searched.descend,
    keep(builtIn: () => void): void {
      requestCollection = builtIn;
    },
  });
  python.runPython("import _probe, gc; _probe.keep(gc.collect)");
  const index = searched.find();
  python.runPython("import sys; del sys.modules['_probe'], _probe, gc, sys");
  return {
    collect(): void {
      // With the counter at 0 the nested call is the outermost one, and MicroPython collects after it.
      const words = new Uint32Array(memory.buffer);
      const depth = words[index] ?? 0;
      words[index] = 0;
      try {
        requestCollection();
      } finally {
        new Uint32Array(memory.buffer)[index] = depth;
      }
    },
  };
}

/** Looks for the word that is n during the nth nested call, for each n up to the probe's depth and back. */
function createDepthSearch(python: MicroPython, memory: WebAssembly.Memory, staticBytes: number) {
  let candidates: number[] | null = null;
  const keepOnly = (value: number): void => {
    const words = new Uint32Array(memory.buffer, 0, staticBytes >> 2);
    candidates ??= Array.from(words.keys());
    candidates = candidates.filter((index) => words[index] === value);
  };
  const descend = (depth: number): void => {
    keepOnly(depth);
    if (depth < PROBE_DEPTH) python.runPython(`_probe.descend(${depth + 1})`);
    keepOnly(depth);
  };
  const find = (): number => {
    keepOnly(0);
    python.runPython("_probe.descend(1)");
    keepOnly(0);
    const [index] = candidates ?? [];
    if (index === undefined || candidates?.length !== 1) {
      throw new Error(`MicroPython's call counter was not found: ${candidates?.length} words behave like it`);
    }
    return index;
  };
  return { descend, find };
}
