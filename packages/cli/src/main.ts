/** The `rpcgen` command: understands the command line, runs one command, sets the exit code. */
import { createRequire } from "node:module";
import { type Command, parseCommand, UsageError } from "./arguments.js";
import { DiskError, isSystemError } from "./disk/disk-error.js";
import { ExitCode } from "./exit-code.js";
import { helpText } from "./help.js";
import { processTerminal, type Terminal } from "./terminal/terminal.js";

/** What was run; null for a command line that could not be understood. */
export interface Run {
  readonly kind: Command["kind"] | null;
  readonly exitCode: ExitCode;
}

const terminal = processTerminal();

/** Resolves when the command has ended and `process.exitCode` is set. */
export const run: Promise<Run> = main(process.argv.slice(2)).then((ended) => {
  process.exitCode = ended.exitCode;
  return ended;
});

async function main(argv: readonly string[]): Promise<Run> {
  let command: Command;
  try {
    command = parseCommand(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const help = error.topic === "rpcgen" ? "rpcgen --help" : `rpcgen ${error.topic} --help`;
    terminal.error(`rpcgen: ${error.message}\nSee: ${help}`);
    return { kind: null, exitCode: ExitCode.usage };
  }
  const { kind } = command;
  return { kind, exitCode: await runCommand(command).catch((error) => tellFailure(error, terminal)) };
}

/** Commands are loaded when they are asked for: `--help` waits for none of them. */
async function runCommand(command: Command): Promise<ExitCode> {
  switch (command.kind) {
    case "help":
      terminal.writeRaw(helpText(command.topic));
      return ExitCode.ok;
    case "version":
      terminal.print(version());
      return ExitCode.ok;
    case "generate": {
      const { generate } = await import("./commands/generate.js");
      return generate(command, terminal, { folder: process.cwd(), version: version() });
    }
    case "check": {
      const { check } = await import("./commands/check.js");
      return check(command, terminal, process.cwd());
    }
    case "explain": {
      const { explain } = await import("./commands/explain.js");
      return explain(command.code, terminal);
    }
    case "ports": {
      const { ports } = await import("./commands/ports.js");
      return ports(command, terminal);
    }
    case "simulate": {
      const { simulate } = await import("./commands/simulate.js");
      return simulate(command, terminal, interruptSignal());
    }
  }
}

function version(): string {
  const manifest: unknown = createRequire(import.meta.url)("../package.json");
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  return "unknown";
}

/** Aborts at the first Ctrl-C (or SIGTERM); a second one ends the process at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/** What the system refused (a full disk, no permission) is the person's to mend; the rest is our bug. */
function tellFailure(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof DiskError || isSystemError(error)) {
    terminal.error(`rpcgen: ${error.message}`);
    return ExitCode.failed;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.error(`rpcgen: this is a bug in rpcgen, please report it\n${text}`);
  return ExitCode.internal;
}
