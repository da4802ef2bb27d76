/** From `process.argv` to one command, or to a message that says what is wrong with it. */
import { parseArgs } from "node:util";
import { TARGET_NAMES, type TargetName } from "@rpcgen/codegen";

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
  readonly format: DiagnosticFormat;
}

/** `rpcgen check`: mistakes and warnings only; nothing is generated. */
export interface CheckCommand {
  readonly kind: "check";
  readonly inputs: readonly string[];
  /** An older file of the one input, to tell what has changed on the wire; or null. */
  readonly against: string | null;
  readonly format: DiagnosticFormat;
}

export interface SimulateCommand {
  readonly kind: "simulate";
  readonly script: string;
  readonly seed: number;
}

export type Command =
  | GenerateCommand
  | CheckCommand
  | SimulateCommand
  | { readonly kind: "explain"; readonly code: string }
  | { readonly kind: "help"; readonly topic: HelpTopic }
  | { readonly kind: "version" };

export type HelpTopic = "rpcgen" | "check" | "explain" | "simulate";
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
    format: formatOf(values.format, "rpcgen"),
  };
}

function parseCheck(argv: readonly string[]): Command {
  const { values, positionals } = parse("check", argv, {
    against: { type: "string" },
    format: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) return { kind: "help", topic: "check" };
  if (positionals.length === 0) throw new UsageError("name one or more .idl files", "check");
  const against = asString(values.against) ?? null;
  if (against !== null && positionals.length > 1) {
    throw new UsageError("--against compares one .idl file with an older one: name one", "check");
  }
  return { kind: "check", inputs: positionals, against, format: formatOf(values.format, "check") };
}

function parseExplain(argv: readonly string[]): Command {
  const { values, positionals } = parse("explain", argv, { help: { type: "boolean", short: "h" } });
  if (values.help === true) return { kind: "help", topic: "explain" };
  return { kind: "explain", code: onlyPositional(positionals, "explain", "a code, such as RPC1001") };
}

function parseSimulate(argv: readonly string[]): Command {
  const { values, positionals } = parse("simulate", argv, {
    seed: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help === true) return { kind: "help", topic: "simulate" };
  return {
    kind: "simulate",
    script: onlyPositional(positionals, "simulate", "the script the camera runs, such as camera_main.py"),
    seed: seedOf(asString(values.seed) ?? "1"),
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

const asString = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const asStrings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
