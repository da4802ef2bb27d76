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
  for (const stream of [process.stdout, process.stderr]) stream.on("error", leaveAlone);
  return {
    print: (line) => process.stdout.write(`${line}\n`),
    error: (line) => process.stderr.write(`${line}\n`),
    writeRaw: (text) => process.stdout.write(text),
    colour: mayColour(process.stderr, process.env),
  };
}

/** Colour belongs on a terminal, unless NO_COLOR says something (https://no-color.org). */
export function mayColour(
  { isTTY }: { readonly isTTY?: boolean },
  { NO_COLOR }: Readonly<Record<string, string | undefined>>,
): boolean {
  return isTTY === true && (NO_COLOR ?? "") === "";
}

/** Whoever reads through a pipe may leave early, as `head` does: that is no failure. */
function leaveAlone(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
