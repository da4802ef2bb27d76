/** Where the command prints to; tests give it a recording one. */
export interface Terminal {
  /** One line to standard output. */
  print(line: string): void;
  /** One line to standard error. */
  error(line: string): void;
  /** Text as it is to standard output: what a camera script prints. */
  writeRaw(text: string): void;
  /** Colour may be used on standard error: it is a terminal and NO_COLOR isn't set. */
  readonly colour: boolean;
}

export function processTerminal(): Terminal {
  return {
    print: (line) => process.stdout.write(`${line}\n`),
    error: (line) => process.stderr.write(`${line}\n`),
    writeRaw: (text) => process.stdout.write(text),
    colour: process.stderr.isTTY === true && (process.env.NO_COLOR ?? "") === "",
  };
}
