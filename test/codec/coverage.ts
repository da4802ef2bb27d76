/** How often each construct of the language was met, so that none goes missing unnoticed. */
import type { Field, FunctionDeclaration, IntegerType, Length, Model, Type } from "@rpcgen/idl/model";

const INTEGERS = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"];
const WIDE = [...INTEGERS.filter((name) => !name.endsWith("8")), "f32", "f64"];
const SIZED = ["bytes", "string", "list"].flatMap((kind) =>
  ["fixed", "bounded u8", "bounded u16", "bounded u32", "written u16", "written u32", "tail"].map(
    (form) => `${kind} ${form}`,
  ),
);
const BASES = [...INTEGERS, ...INTEGERS.filter((name) => !name.endsWith("8")).map((name) => `${name}be`)];
const NUMBERED = ["enum", "open enum", "union"].flatMap((kind) => BASES.map((base) => `${kind}: ${base}`));
const FLAGS = BASES.filter((base) => base.startsWith("u")).map((base) => `flags: ${base}`);
const VALUES = ["integer", "float", "bool", "string", "member", "flags"];

/** Every construct that a run must have met. */
const CONSTRUCTS = [
  ...INTEGERS,
  "f32",
  "f64",
  ...WIDE.map((name) => `${name}be`),
  ...SIZED,
  ...NUMBERED,
  ...FLAGS,
  ...[
    ...VALUES.map((kind) => `const of ${kind}`),
    ...[...VALUES, "null"].map((kind) => `default of ${kind}`),
  ],
  ...[
    "bool",
    "struct",
    "union without value",
    "json",
    "pad",
    "alias",
    "import",
    "several interfaces",
    "@wire",
  ],
  ...["optional presence", "optional tail", "@range", "struct with a tail", "union with a tail"],
  ...["stream", "accept", "bulk with size", "bulk of N", "with", "error", "error without fields", "@once"],
  ...["interface throws", "throws alone", "throws one", "throws several", "throws none"],
];

export interface Coverage {
  /** Constants, imports, and what interfaces throw. */
  addModel(model: Model): void;
  addFunction(declaration: FunctionDeclaration): void;
  /** Lines of "construct count", the rarest first. */
  lines(): readonly string[];
  missing(): readonly string[];
}

function baseOf({ name, bigEndian }: IntegerType): string {
  return bigEndian ? `${name}be` : name;
}

function isStream({ transfer, throws }: FunctionDeclaration): boolean {
  return transfer.kind === "stream" && throws;
}

export function createCoverage(): Coverage {
  const counts = new Map(CONSTRUCTS.map((name) => [name, 0]));
  const add = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);

  function addLength(kind: string, length: Length): void {
    const smallest =
      length.kind !== "bounded" ? "" : length.max <= 255 ? "u8" : length.max <= 65535 ? "u16" : "u32";
    const width = length.kind === "bounded" ? ` ${length.count}` : "";
    const isWritten = length.kind === "bounded" && length.count !== smallest;
    add(`${kind} ${isWritten ? "written" : length.kind}${width}`);
  }

  function addField({ type, range, defaultValue }: Field): void {
    if (range !== null) add("@range");
    if (defaultValue !== null) add(`default of ${defaultValue.kind}`);
    addType(type);
  }

  function addType(type: Type): void {
    if (type.alias !== null) add("alias");
    const tail = type.size.max === null ? `${type.kind} with a tail` : null;
    if (tail !== null && counts.has(tail)) add(tail);
    switch (type.kind) {
      case "integer":
      case "float":
        add(type.bigEndian ? `${type.name}be` : type.name);
        break;
      case "enum":
        add(`${type.declaration.open ? "open enum" : "enum"}: ${baseOf(type.declaration.base)}`);
        break;
      case "flags":
        add(`flags: ${baseOf(type.declaration.base)}`);
        break;
      case "bytes":
      case "string":
        addLength(type.kind, type.length);
        break;
      case "list":
        addLength(type.kind, type.length);
        addType(type.item);
        break;
      case "optional":
        add(`optional ${type.form}`);
        addType(type.value);
        break;
      case "struct":
        add("struct");
        type.declaration.fields.forEach(addField);
        break;
      case "union":
        add(`union: ${baseOf(type.declaration.base)}`);
        for (const variant of type.declaration.variants) {
          if (variant.type === null) add("union without value");
          else addType(variant.type);
        }
        break;
      default:
        add(type.kind);
    }
  }

  return {
    addModel({ declarations, interfaces }) {
      for (const one of declarations) {
        if (one.kind === "constant") add(`const of ${one.value.kind}`);
        if (one.span.file !== interfaces[0]?.span.file) add("import");
      }
      if (interfaces.length > 1) add("several interfaces");
      for (const { functions } of interfaces) {
        // One without a list of its own tells what its interface throws.
        const [given, taken] = [functions.some(isStream), functions.some(({ throws }) => !throws)];
        if (given) add("interface throws");
        if (given && taken) add("throws none");
      }
    },
    addFunction({ parameters, result, transfer, errors, throws, once, wireName, names }) {
      if (wireName !== names.source) add("@wire");
      parameters.fields.forEach(addField);
      if (result.kind === "single") addType(result.type);
      if (result.kind === "several") result.fields.forEach(addField);
      if (transfer.kind !== "call") {
        if (transfer.kind !== "bulk") add(transfer.kind);
        else add(transfer.byteLength === null ? "bulk with size" : "bulk of N");
        if (result.kind !== "nothing") add("with");
      }
      if (transfer.kind === "stream" || transfer.kind === "accept") addType(transfer.item);
      if (throws) add(`throws ${["alone", "one"][errors.length] ?? "several"}`);
      if (once) add("@once");
      for (const error of errors) {
        add(error.fields.length === 0 ? "error without fields" : "error");
        error.fields.forEach(addField);
      }
    },
    lines: () => [...counts].sort(([, a], [, b]) => a - b).map(([name, count]) => `${name} ${count}`),
    missing: () => [...counts].filter(([, count]) => count === 0).map(([name]) => name),
  };
}
