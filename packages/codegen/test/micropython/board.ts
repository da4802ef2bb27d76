/** A real MicroPython for tests: files in, lines of its console out. */
import { readFileSync } from "node:fs";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript";

export interface Board {
  /** Puts a file where `import` finds it. */
  write(path: string, text: string): void;
  /** Runs a script to its end and gives what it printed. */
  run(script: string): string[];
}

export async function createBoard(): Promise<Board> {
  const lines: string[] = [];
  const python = await loadMicroPython({
    heapsize: 8 * 1024 * 1024,
    linebuffer: true,
    stdout: (line: unknown) => lines.push(String(line).replace(/\n$/, "")),
  });
  const board: Board = {
    write: (path, text) => python.FS.writeFile(path, text),
    run(script) {
      lines.length = 0;
      python.runPython(script);
      return [...lines];
    },
  };
  board.write("rpc.py", readFileSync(new URL("stand_in_rpc.py", import.meta.url), "utf8"));
  return board;
}
