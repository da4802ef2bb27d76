/**
 * The tables of bytes in `docs/language.md` are packed by generated code, and read back by it.
 * `UPDATE_SCENARIOS=1` writes them again.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Loaded, loadGenerated } from "./typescript/load-generated.js";

const page = new URL("../../../docs/language.md", import.meta.url);

/** Type as written, value as TypeScript has it. */
const inMessages: readonly (readonly [string, string])[] = [
  ["u8", "200"],
  ["i8", "-2"],
  ["u16", "258"],
  ["u16be", "258"],
  ["i16", "-2"],
  ["i16be", "-2"],
  ["u32", "66051"],
  ["u32be", "66051"],
  ["i32", "-2"],
  ["i32be", "-2"],
  ["u64", "1n"],
  ["u64be", "1n"],
  ["i64", "-2n"],
  ["i64be", "-2n"],
  ["f32", "1.5"],
  ["f32be", "1.5"],
  ["f64", "1.5"],
  ["f64be", "1.5"],
  ["bool", "true"],
  ["Mode", "Mode.MANUAL"],
  ["Motor", "Motor.BACK"],
  ["FrameSize", "FrameSize.VGA"],
  ["FrameSize", "77"],
  ["Led", "Led.RED | Led.BLUE"],
  ["Led", "0x81"],
  ["Caps", "Caps.FAST | Caps.LAST"],
  ["bytes[3]", "Uint8Array.of(1, 2, 3)"],
  ["bytes[<=16]", "Uint8Array.of(1, 2, 3)"],
  ["bytes[u16 <= 16]", "Uint8Array.of(1, 2, 3)"],
  ["bytes[<=300]", "Uint8Array.of(1, 2, 3)"],
  ["bytes[<=70000]", "Uint8Array.of(1, 2, 3)"],
  ["bytes", "Uint8Array.of(1, 2, 3)"],
  ["Jpeg", "Uint8Array.of(0xff, 0xd8)"],
  ["string[4]", '"hi"'],
  ["string[<=16]", '"hé"'],
  ["string", '"hi"'],
  ["u16[2]", "Uint16Array.of(1, 2)"],
  ["u16be[2]", "Uint16Array.of(1, 2)"],
  ["u16[<=4]", "Uint16Array.of(1, 2)"],
  ["u16[]", "Uint16Array.of(1, 2)"],
  ["bool[u32 <= 4]", "[true]"],
  ["string[<=8][<=4]", '["a", "bc"]'],
  ["u8?[<=4]", "[1, null]"],
  ["Point", "{ x: 1, y: 2 }"],
  ["Point[<=4]", "[{ x: 1, y: 2 }]"],
  ["Padded", "{ kind: 1, value: 2 }"],
  ["Detection", '{ kind: "face", value: { x: 1, y: 2 } }'],
  ["Detection", '{ kind: "name", value: "hi" }'],
  ["Detection", '{ kind: "lost" }'],
  ["Chunk", '{ kind: "data", value: Uint8Array.of(9) }'],
  ["Chunk", '{ kind: "end" }'],
  ["json", "{ a: 1 }"],
];

/** Where an optional stands decides its form. */
const optionals: readonly (readonly [string, string])[] = [
  ["u16?", "1"],
  ["u16?", "null"],
];

/** Function, arguments, and what it answers: a result, or an error. */
const calls: readonly (readonly [string, string, string])[] = [
  ["ping", "", "undefined"],
  ["find", "{ lMin: 1, lMax: 2 }", "null"],
  ["find", "{ lMin: 1, lMax: 2 }", "{ cx: 3, cy: 4 }"],
  ["size", "", "{ width: 320, height: 240 }"],
  ["open", '"a", Mode.AUTO, null', "5"],
  ["open", '"a", Mode.MANUAL, 500', "new Busy({ left: 9 })"],
  ["open", '"a", Mode.AUTO, null', "new Hot()"],
  ["light", "3, Led.GREEN", "undefined"],
  ["frames", "", "{ width: 320, height: 240 }"],
  ["upload", '"a"', "{ room: 4096 }"],
  ["raw", "", "{ width: 320, size: 1024 }"],
];

interface Codec {
  readonly errors: readonly { isOwn(error: unknown): boolean; encode(error: unknown): Uint8Array }[];
  encodeArgument(argument: readonly unknown[]): Uint8Array;
  decodeArgument(bytes: Uint8Array): readonly unknown[];
  encodeResult(result: unknown): Uint8Array;
  decodeResult(bytes: Uint8Array): unknown;
}

function codecsOf({ exports }: Loaded, face: string): Readonly<Record<string, Codec>> {
  return exports[`${face}Functions`] as Readonly<Record<string, Codec>>;
}

/** The value of an expression that uses what a generated file exports. */
function evaluate(expression: string, { exports }: Loaded): unknown {
  const names = Object.keys(exports);
  return new Function(...names, `return (${expression});`)(...names.map((name) => exports[name]));
}

function hex(bytes: Uint8Array): string {
  if (bytes.length === 0) return "no bytes";
  return `\`${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}\``;
}

/** A `|` would end the cell. */
function cell(code: string): string {
  return `\`${code.replaceAll("|", "\\|")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

/** The block of the language that follows a heading. */
function blockAfter(text: string, heading: string): string {
  const block = /```idl\n([\s\S]*?)```/.exec(text.slice(text.indexOf(`\n## ${heading}\n`)))?.[1];
  if (block === undefined) throw new Error(`no example follows ${heading}`);
  return block;
}

async function typesTable(text: string): Promise<string> {
  const wrapped = optionals.map(([type], index) => `struct In${index} { x: ${type}; }`);
  const types = [...inMessages, ...optionals].map(([type]) => type);
  const all = [...types, ...optionals.map((_, index) => `In${index}`)];
  const functions = all.map((type, index) => `f${index}(value: ${type});`);
  const loaded = await loadGenerated(
    [blockAfter(text, "Types"), ...wrapped, "interface I {", ...functions, "}"].join("\n"),
  );
  const codecs = codecsOf(loaded, "I");
  const bytesOf = (index: number, value: unknown) => {
    const codec = codecs[`f${index}`];
    if (codec === undefined) throw new Error(`no codec for ${all[index]}`);
    const bytes = codec.encodeArgument([value]);
    expect(codec.decodeArgument(bytes)).toEqual([value]);
    return hex(bytes);
  };
  const rows = inMessages.map(([type, value], index) => [
    cell(type),
    cell(value),
    bytesOf(index, evaluate(value, loaded)),
  ]);
  for (const [index, [type, value]] of optionals.entries()) {
    const inStruct = { x: evaluate(value, loaded) };
    rows.push([`${cell(type)} in a struct`, cell(value), bytesOf(types.length + index, inStruct)]);
  }
  for (const [index, [type, value]] of optionals.entries()) {
    const bytes = bytesOf(inMessages.length + index, evaluate(value, loaded));
    rows.push([`${cell(type)} at the end of a message`, cell(value), bytes]);
  }
  return table(["type", "value", "bytes"], rows);
}

async function callsTable(loaded: Loaded): Promise<string> {
  const codecs = codecsOf(loaded, "Camera");
  const rows = calls.map(([name, written, answer]) => {
    const codec = codecs[name];
    if (codec === undefined) throw new Error(`no codec for ${name}`);
    const values = evaluate(`[${written}]`, loaded) as readonly unknown[];
    const argument = codec.encodeArgument(values);
    expect(codec.decodeArgument(argument)).toEqual(values);
    const value = evaluate(answer, loaded);
    const error = codec.errors.find((each) => each.isOwn(value));
    const result = error === undefined ? codec.encodeResult(value) : error.encode(value);
    if (error === undefined) expect(codec.decodeResult(result)).toEqual(value);
    const outcome =
      answer === "undefined" ? "" : ` → ${error === undefined ? cell(answer) : `throws ${cell(answer)}`}`;
    return [`${cell(`${name}(${written})`)}${outcome}`, hex(argument), hex(result)];
  });
  return table(["call", "argument", "answer"], rows);
}

async function rewritten(text: string): Promise<string> {
  const camera = await loadGenerated(blockAfter(text, "Functions"));
  const canonical = camera.model.interfaces[0]?.canonicalText ?? "";
  const types = await typesTable(text);
  const answers = await callsTable(camera);
  return text
    .replace(/(<!-- table: types -->\n)[\s\S]*?(<!-- end -->)/, (_, head, end) => `${head}\n${types}\n${end}`)
    .replace(
      /(<!-- table: calls -->\n)[\s\S]*?(<!-- end -->)/,
      (_, head, end) => `${head}\n${answers}\n${end}`,
    )
    .replace(
      /(<!-- canonical text -->\n)\n?```\n[\s\S]*?```/,
      (_, head) => `${head}\n\`\`\`\n${canonical}\`\`\``,
    );
}

test("docs/language.md shows what generated code packs", async () => {
  const expected = await rewritten(readFileSync(page, "utf8"));
  if (process.env.UPDATE_SCENARIOS === "1") writeFileSync(page, expected);
  expect(readFileSync(page, "utf8")).toBe(expected);
});
