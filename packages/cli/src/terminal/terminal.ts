/** Where the command prints to; tests give it a recording one. */
import { isSystemError, reasonOf } from "../disk/disk-error.js";
import { ExitCode } from "../exit-code.js";

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
  for (const stream of [process.stdout, process.stderr]) stream.on("error", tellUnprinted);
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

let isTold = false;

/** The command does its work all the same. `rpcgen … | head` closes the pipe early, which is no mistake. */
function tellUnprinted(error: Error): void {
  if (isTold || (isSystemError(error) && error.code === "EPIPE")) return;
  isTold = true;
  process.on("exit", () => {
    process.exitCode ||= ExitCode.failed;
  });
  process.stderr.write(`rpcgen: can't print: ${isSystemError(error) ? reasonOf(error) : error.message}\n`);
}
