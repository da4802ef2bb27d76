/** A terminal that keeps what was printed, for tests of commands. */
import type { Terminal } from "./terminal.js";

export interface RecordingTerminal extends Terminal {
  /** Everything printed to standard output so far. */
  readonly out: string;
  /** Everything printed to standard error so far. */
  readonly err: string;
  clear(): void;
}

export function createRecordingTerminal(): RecordingTerminal {
  let out = "";
  let err = "";
  return {
    colour: false,
    print(line) {
      out += `${line}\n`;
    },
    error(line) {
      err += `${line}\n`;
    },
    writeRaw(text) {
      out += text;
    },
    get out() {
      return out;
    },
    get err() {
      return err;
    },
    clear() {
      out = "";
      err = "";
    },
  };
}
