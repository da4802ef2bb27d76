/** Reports of long runs: Markdown tables in a file, and progress on the terminal while they are made. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export function tableOf(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), `|${columns.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

export function writeReport(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text.trimEnd()}\n`);
  console.log(`Report: ${path}`);
}

/** Says on the terminal how far a run is; says nothing where nobody looks. */
export function createProgress(what: string, total: number): (done: number) => void {
  if (!process.stderr.isTTY) return () => {};
  return (done) => {
    process.stderr.write(done >= total ? "\r\x1b[K" : `\r${what}: ${done} of ${total}`);
  };
}

export function rounded(value: number): string {
  return Number.isNaN(value) ? "" : value.toFixed(value < 10 ? 2 : 1);
}

/** `--name value` among the arguments; text that is no whole number ends the program. */
export function numberOption(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const text = process.argv[at + 1] ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  console.error(`--${name} needs a whole number, not "${text}"`);
  process.exit(2);
}

export function textOption(name: string, otherwise: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
}

/** Prints the help and ends where it was asked for, or where an option is not known. */
export function helpOption(help: string, names: readonly string[]): void {
  const options = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
  const unknown = options.find(
    (option) => !["--help", "-h", ...names.map((name) => `--${name}`)].includes(option),
  );
  if (unknown !== undefined) console.error(`unknown option ${unknown}\n`);
  if (unknown === undefined && !options.includes("--help") && !options.includes("-h")) return;
  console.log(help.trim());
  process.exit(unknown === undefined ? 0 : 2);
}
