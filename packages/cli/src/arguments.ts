/** From `process.argv` to one command, or to a message that says what is wrong with it. */
import { parseArgs } from "node:util";
import {
  type Board,
  type BoardChoice,
  LINK_NAMES,
  type LinkName,
  TARGET_NAMES,
  type TargetName,
} from "@rpcgen/codegen";
import { nearest } from "@rpcgen/idl/nearest";
import { chooseLink, findBoard } from "./choose-board.js";

export interface GenerateCommand {
  readonly kind: "generate";
  readonly input: string;
  readonly outDir: string;
  readonly targets: readonly TargetName[];
  /** Write nothing; fail if the files on disk are not what would be written. */
  readonly check: boolean;
  /** One MicroPython script instead of a module and a main script. */
  readonly singleFile: boolean;
  /** Slaves carry the canonical text of their interfaces, so that a mismatch can be explained. */
  readonly embedSchema: boolean;
  /** The board that the MicroPython is for, and the link it serves on; null: not said. */
  readonly board: BoardChoice | null;
  readonly format: DiagnosticFormat;
}

/** `rpcgen check`: mistakes and warnings only; nothing is generated. */
export interface CheckCommand {
  readonly kind: "check";
  readonly inputs: readonly string[];
  /** An older file of the one input, to tell what has changed on the wire; or null. */
  readonly against: string | null;
  /** Warns of what this board can't hold; null: no board was said. */
  readonly board: Board | null;
  readonly format: DiagnosticFormat;
}

export interface SimulateCommand {
  readonly kind: "simulate";
  readonly script: string;
  readonly seed: number;
  /** Which port of the virtual camera is wired. */
  readonly link: LinkName;
  /** Of the network and the buses: the port of this machine to listen on, or the path of a Unix socket. */
  readonly listen: number | string;
}

/** `rpcgen ports`: what a link can be opened on. */
export interface PortsCommand {
  readonly kind: "ports";
  readonly format: "text" | "json";
}

export type Command =
  | GenerateCommand
  | CheckCommand
  | SimulateCommand
  | { readonly kind: "explain"; readonly code: string }
  | PortsCommand
  | { readonly kind: "help"; readonly topic: HelpTopic }
  | { readonly kind: "version" };

export type HelpTopic = "rpcgen" | "check" | "explain" | "ports" | "simulate";
export type DiagnosticFormat = "text" | "json" | "github";

/** The command line can't be understood; the message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly topic: HelpTopic;

  constructor(message: string, topic: HelpTopic) {
    super(message);
    this.topic = topic;
  }
}

const FORMATS: readonly DiagnosticFormat[] = ["text", "json", "github"];

/** What stands first and is no option; anything else is a file to generate from. */
const SUBCOMMANDS: Readonly<Record<string, (argv: readonly string[]) => Command>> = {
  check: parseCheck,
  explain: parseExplain,
  ports: parsePorts,
  simulate: parseSimulate,
};

/** @param argv What stands after `rpcgen`. @throws UsageError */
export function parseCommand(argv: readonly string[]): Command {
  const first = argv[0] ?? "";
  const subcommand = Object.hasOwn(SUBCOMMANDS, first) ? SUBCOMMANDS[first] : undefined;
  return subcommand === undefined ? parseGenerate(argv) : subcommand(argv.slice(1));
}

function parseGenerate(argv: readonly string[]): Command {
  const { values, positionals } = parse("rpcgen", argv, {
    out: { type: "string", short: "o" },
    target: { type: "string", short: "t", multiple: true },
    check: { type: "boolean" },
    "single-file": { type: "boolean" },
    "embed-schema": { type: "boolean" },
    board: { type: "string", short: "b" },
    link: { type: "string", short: "l" },
    format: { type: "string" },
    help: { type: "boolean", short: "h" },
    version: { type: "boolean", short: "v" },
  });
  if (values.version === true) return { kind: "version" };
  if (values.help === true || argv.length === 0) return { kind: "help", topic: "rpcgen" };
  const singleFile = values["single-file"] === true;
  const targets = targetsOf(asStrings(values.target), singleFile);
  return {
    kind: "generate",
    input: onlyPositional(positionals, "rpcgen", "an .idl file"),
    outDir: asString(values.out) ?? ".",
    targets,
    check: values.check === true,
    singleFile,
    embedSchema: values["embed-schema"] === true,
    board: boardOf(asString(values.board), asString(values.link), targets),
    format: formatOf(values.format, "rpcgen"),
  };
}

function parseCheck(argv: readonly string[]): Command {
  const { values, positionals } = parse("check", argv, {
    against: { type: "string" },
    board: { type: "string", short: "b" },
    format: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) return { kind: "help", topic: "check" };
  if (positionals.length === 0) throw new UsageError("name one or more .idl files", "check");
  const against = asString(values.against) ?? null;
  if (against !== null && positionals.length > 1) {
    throw new UsageError("--against compares one .idl file with an older one: name one", "check");
  }
  const board = asString(values.board);
  return {
    kind: "check",
    inputs: positionals,
    against,
    board: board === undefined ? null : inTopic("check", () => findBoard(board)),
    format: formatOf(values.format, "check"),
  };
}

function parseExplain(argv: readonly string[]): Command {
  const { values, positionals } = parse("explain", argv, { help: { type: "boolean", short: "h" } });
  if (values.help === true) return { kind: "help", topic: "explain" };
  return { kind: "explain", code: onlyPositional(positionals, "explain", "a code, such as RPC1001") };
}

function parsePorts(argv: readonly string[]): Command {
  const { values, positionals } = parse("ports", argv, {
    format: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) return { kind: "help", topic: "ports" };
  if (positionals[0] !== undefined) throw new UsageError(`'${positionals[0]}' is one too many`, "ports");
  const format = asString(values.format) ?? "text";
  if (format === "text" || format === "json") return { kind: "ports", format };
  throw new UsageError(`unknown format '${format}'; there are: text, json`, "ports");
}

function parseSimulate(argv: readonly string[]): Command {
  const { values, positionals } = parse("simulate", argv, {
    seed: { type: "string" },
    link: { type: "string", short: "l" },
    listen: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) return { kind: "help", topic: "simulate" };
  const link = simulatedLink(asString(values.link) ?? "uart");
  return {
    kind: "simulate",
    script: onlyPositional(positionals, "simulate", "the script the camera runs, such as camera_main.py"),
    seed: seedOf(asString(values.seed) ?? "1"),
    link,
    listen: listenOf(asString(values.listen), link),
  };
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>["options"];
interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parse(topic: HelpTopic, argv: readonly string[], options: Options): Parsed {
  try {
    return parseArgs({ args: [...argv], options: options ?? {}, allowPositionals: true, strict: true });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UsageError(text.split(". To specify")[0] ?? text, topic);
  }
}

function onlyPositional(positionals: readonly string[], topic: HelpTopic, what: string): string {
  const [first, second] = positionals;
  if (first === undefined) throw new UsageError(`name ${what}`, topic);
  if (second !== undefined) throw new UsageError(`one at a time: '${second}' is one too many`, topic);
  return first;
}

function targetsOf(named: readonly string[], singleFile: boolean): readonly TargetName[] {
  const names = named.flatMap((entry) => entry.split(","));
  const unknown = names.find((name) => !TARGET_NAMES.some((target) => target === name));
  if (unknown !== undefined) {
    throw new UsageError(`unknown target '${unknown}'; there are: ${TARGET_NAMES.join(", ")}`, "rpcgen");
  }
  const chosen = TARGET_NAMES.filter((target) => names.length === 0 || names.includes(target));
  if (!singleFile) return chosen;
  if (names.length > 0 && !chosen.includes("micropython")) {
    throw new UsageError(
      "--single-file makes a MicroPython script; the targets leave MicroPython out",
      "rpcgen",
    );
  }
  return names.length === 0 ? ["micropython"] : chosen;
}

function boardOf(
  board: string | undefined,
  link: string | undefined,
  targets: readonly TargetName[],
): BoardChoice | null {
  if (link !== undefined && board === undefined) {
    throw new UsageError(
      "--link needs --board: what a link is opened with differs from board to board",
      "rpcgen",
    );
  }
  if (link !== undefined && !targets.includes("micropython")) {
    throw new UsageError("--link shapes the MicroPython script; the targets leave MicroPython out", "rpcgen");
  }
  return board === undefined ? null : inTopic("rpcgen", () => chooseLink(findBoard(board), link));
}

/** What the lookup refuses is a mistake of the command line. */
function inTopic<T>(topic: HelpTopic, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message, topic) : error;
  }
}

function formatOf(value: unknown, topic: HelpTopic): DiagnosticFormat {
  const name = asString(value) ?? "text";
  const format = FORMATS.find((each) => each === name);
  if (format !== undefined) return format;
  throw new UsageError(`unknown format '${name}'; there are: ${FORMATS.join(", ")}`, topic);
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= 0xffff_ffff) return seed;
  throw new UsageError(`--seed takes a whole number from 0 to 4294967295, not '${text}'`, "simulate");
}

function simulatedLink(name: string): LinkName {
  const link = LINK_NAMES.find((each) => each === name.toLowerCase());
  if (link !== undefined) return link;
  const near = nearest(name, LINK_NAMES);
  const hint = near === null ? "" : ` did you mean ${near}?`;
  throw new UsageError(`unknown link '${name}';${hint} there are: ${LINK_NAMES.join(", ")}`, "simulate");
}

function listenOf(text: string | undefined, link: LinkName): number | string {
  if (text === undefined) return 0;
  if (link === "uart" || link === "usb") {
    throw new UsageError(`--listen is for the network and the buses; ${link} is a serial port`, "simulate");
  }
  if (!/^\d+$/.test(text)) {
    if (link !== "tcp") return text;
    throw new UsageError(`--listen takes a port of this machine with --link tcp, not '${text}'`, "simulate");
  }
  const port = Number(text);
  if (port <= 0xffff) return port;
  throw new UsageError(`--listen takes a port from 0 to 65535, not '${text}'`, "simulate");
}

const asString = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const asStrings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
