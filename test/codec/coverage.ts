/** How often each construct of the language was met, so that none goes missing unnoticed. */
import type { Field, FunctionDeclaration, Length, Type } from "@rpcgen/idl/model";

const INTEGERS = ["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"];
const WIDE = [...INTEGERS.filter((name) => !name.endsWith("8")), "f32", "f64"];
const SIZED = ["bytes", "string", "list"].flatMap((kind) =>
  ["fixed", "bounded", "written count", "tail"].map((form) => `${kind} ${form}`),
);

/** Every construct that a run must have met. */
const CONSTRUCTS = [
  ...INTEGERS,
  "f32",
  "f64",
  ...WIDE.map((name) => `${name}be`),
  ...SIZED,
  ...["bool", "enum", "open enum", "flags", "struct", "union", "union without value", "json", "pad", "alias"],
  ...["optional presence", "optional tail", "@range", "struct with a tail", "union with a tail"],
  ...["stream", "accept", "bulk", "with", "throws", "error", "error without fields", "@once"],
];

export interface Coverage {
  addFunction(declaration: FunctionDeclaration): void;
  /** Lines of "construct count", the rarest first. */
  lines(): readonly string[];
  missing(): readonly string[];
}

export function createCoverage(): Coverage {
  const counts = new Map(CONSTRUCTS.map((name) => [name, 0]));
  const add = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);

  function addLength(kind: string, length: Length): void {
    const smallest =
      length.kind !== "bounded" ? "" : length.max <= 255 ? "u8" : length.max <= 65535 ? "u16" : "u32";
    const isWritten = length.kind === "bounded" && length.count !== smallest;
    add(`${kind} ${isWritten ? "written count" : length.kind}`);
  }

  function addField({ type, range }: Pick<Field, "type" | "range">): void {
    if (range !== null) add("@range");
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
        add(type.declaration.open ? "open enum" : "enum");
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
        add("union");
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
    addFunction({ parameters, result, transfer, errors, throws, once }) {
      parameters.fields.forEach(addField);
      if (result.kind === "single") addType(result.type);
      if (result.kind === "several") result.fields.forEach(addField);
      if (transfer.kind !== "call") {
        add(transfer.kind);
        if (result.kind !== "nothing") add("with");
      }
      if (transfer.kind === "stream" || transfer.kind === "accept") addType(transfer.item);
      if (throws) add("throws");
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
