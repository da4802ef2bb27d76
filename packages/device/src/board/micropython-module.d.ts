/** What this project uses of the MicroPython package, which ships no types of its own. */
declare module "@micropython/micropython-webassembly-pyscript" {
  export interface MicroPythonOptions {
    /** Bytes of the Python heap at the start. */
    readonly heapsize?: number;
    /** Words of the stack of Python frames. */
    readonly pystack?: number;
    /** Gets what is printed: lines with `linebuffer`, single bytes without. */
    readonly stdout?: (bytes: Uint8Array) => void;
    readonly linebuffer?: boolean;
  }

  export interface MicroPython {
    readonly FS: {
      mkdirTree(path: string): void;
      writeFile(path: string, data: string | Uint8Array): void;
    };
    /** `import name` gives this object; its functions get ints, floats and strings. */
    registerJsModule(name: string, module: object): void;
    /** Throws an `Error` with `type` (the exception's class) and `message` (the traceback). */
    runPython(code: string): unknown;
  }

  export function loadMicroPython(options?: MicroPythonOptions): Promise<MicroPython>;
}
