/**
 * MicroPython's loader keeps its WebAssembly instance to itself; the board needs the memory of it, to
 * share buffers with Python by address. So the instance is caught on its way into the loader.
 */
import type { PythonMemory } from "./python-memory.js";

type Instantiate = (
  ...args: unknown[]
) => Promise<WebAssembly.Instance | { readonly instance: WebAssembly.Instance }>;

/** Runs `load` and returns its result with the memory of the one instance that it made. */
export async function captureMemory<T>(
  load: () => Promise<T>,
): Promise<{ readonly loaded: T; readonly memory: WebAssembly.Memory }> {
  const found: WebAssembly.Memory[] = [];
  const watched =
    (original: Instantiate): Instantiate =>
    async (...args) => {
      const made = await original.apply(WebAssembly, args);
      const { exports } = "instance" in made ? made.instance : made;
      found.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
      return made;
    };
  const original = {
    instantiate: Reflect.get(WebAssembly, "instantiate") as Instantiate,
    instantiateStreaming: Reflect.get(WebAssembly, "instantiateStreaming") as Instantiate,
  };
  Object.assign(WebAssembly, {
    instantiate: watched(original.instantiate),
    instantiateStreaming: watched(original.instantiateStreaming),
  });
  try {
    const loaded = await load();
    const [memory] = found;
    if (memory === undefined || found.length > 1) {
      throw new Error(`expected one WebAssembly memory in MicroPython, found ${found.length}`);
    }
    return { loaded, memory };
  } finally {
    Object.assign(WebAssembly, original);
  }
}

export function createPythonMemory(memory: WebAssembly.Memory): PythonMemory {
  return {
    view: (address, byteLength) => new Uint8Array(memory.buffer, address, byteLength),
  };
}
