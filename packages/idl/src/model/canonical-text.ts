/**
 * The canonical text of an interface: everything that decides bytes, and nothing else, a line a function:
 *
 *     0x3a5f0c11 set_exposure @once (u32) -> (u32) throws 1(i32, i32, i32)
 *
 * Names of types and fields, comments, defaults, ranges and timeouts are not in it; docs/language.md is its
 * reference. The text is ASCII.
 */
import { scalarText } from "./layout.js";
import type {
  EnumDeclaration,
  Field,
  FunctionDeclaration,
  Length,
  StructDeclaration,
  Type,
  UnionDeclaration,
} from "./model.js";

/** Types are written out wherever they are used: structs of structs of structs could fill the memory. */
export const maxCanonicalLength = 1024 * 1024;

/** Null for a text that would be longer than the limit. */
type Text = string | null;

export function canonicalTextOf(functions: readonly FunctionDeclaration[]): Text {
  const typeText = createTypeText();
  // Functions of one id are told apart by the sizes that they accept, which do not overlap.
  const sorted = [...functions].sort((a, b) => a.id - b.id || a.accepts.min - b.accepts.min);
  return concat(sorted.map((each) => functionText(each, typeText)));
}

export type TypeText = (type: Type) => Text;

function functionText(declaration: FunctionDeclaration, typeText: TypeText): Text {
  const { id, wireName, once, parameters } = declaration;
  return concat([
    `0x${id.toString(16).padStart(8, "0")} ${wireName} `,
    once ? "@once " : "",
    messageText(parameters.fields, typeText),
    " -> ",
    answerText(declaration, typeText),
    throwsText(declaration, typeText),
    "\n",
  ]);
}

function answerText({ result, transfer }: FunctionDeclaration, typeText: TypeText): Text {
  const part = result.kind === "nothing" ? "" : concat([" with ", resultText(result, typeText)]);
  switch (transfer.kind) {
    case "call":
      return resultText(result, typeText);
    case "stream":
    case "accept":
      return concat([transfer.kind, "<", typeText(transfer.item), ">", part]);
    case "bulk": {
      const { byteLength, sizeField } = transfer;
      const length = byteLength === null ? "" : `[${byteLength}]`;
      const sized = result.kind === "several" ? messageText(result.fields, typeText, sizeField) : null;
      return concat(["bulk<bytes", length, ">", sizeField === null ? part : concat([" with ", sized])]);
    }
  }
}

/** One result and several of one are the same bytes, and so the same text. */
function resultText(result: FunctionDeclaration["result"], typeText: TypeText): Text {
  switch (result.kind) {
    case "nothing":
      return "()";
    case "single":
      return concat(["(", typeText(result.type), ")"]);
    case "several":
      return concat([messageText(result.fields, typeText), result.optional ? "?" : ""]);
  }
}

function throwsText({ throws, errors }: FunctionDeclaration, typeText: TypeText): Text {
  if (!throws) return "";
  const each = errors.map((error) => concat([` ${error.number}`, messageText(error.fields, typeText)]));
  return concat([" throws", concat(each, ",")]);
}

/** `sizeField` is the index of the field that tells the length of a bulk. */
function messageText(fields: readonly Field[], typeText: TypeText, sizeField: number | null = null): Text {
  const items = fields.map((field, index) =>
    concat([index === sizeField ? "size " : "", typeText(field.type)]),
  );
  return concat(["(", concat(items, ", "), ")"]);
}

/** Texts of types; that of a struct or union is made once, however often it is used. */
export function createTypeText(): TypeText {
  const known = new Map<StructDeclaration | UnionDeclaration, Text>();
  const once = (declaration: StructDeclaration | UnionDeclaration, make: () => Text): Text => {
    const earlier = known.get(declaration);
    if (earlier !== undefined) return earlier;
    const text = make();
    known.set(declaration, text);
    return text;
  };
  const typeText = (type: Type): Text => {
    switch (type.kind) {
      case "integer":
      case "float":
        return scalarText(type);
      case "bool":
      case "json":
        return type.kind;
      case "bytes":
      case "string":
        return type.length.kind === "tail" ? type.kind : type.kind + lengthText(type.length);
      case "list":
        return concat([typeText(type.item), lengthText(type.length)]);
      case "optional":
        return concat([typeText(type.value), "?"]);
      case "pad":
        return `pad[${type.count}]`;
      case "enum":
        return enumText(type.declaration);
      case "flags":
        return scalarText(type.declaration.base);
      case "struct": {
        const { declaration } = type;
        return once(declaration, () => structText(declaration, typeText));
      }
      case "union": {
        const { declaration } = type;
        return once(declaration, () => unionText(declaration, typeText));
      }
    }
  };
  return typeText;
}

/** An open enum carries any number, as its integer does. */
function enumText({ base, open, members }: EnumDeclaration): Text {
  if (open) return scalarText(base);
  const values = members.map((member) => member.value).sort(ascending);
  return concat([scalarText(base), "{", concat(values.map(String), ", "), "}"]);
}

function structText({ fields }: StructDeclaration, typeText: TypeText): Text {
  return concat([
    "{",
    concat(
      fields.map((field) => typeText(field.type)),
      ", ",
    ),
    "}",
  ]);
}

function unionText({ base, variants }: UnionDeclaration, typeText: TypeText): Text {
  const sorted = [...variants].sort((a, b) => ascending(a.tag, b.tag));
  const texts = sorted.map(({ tag, type }) =>
    type === null ? `${tag}` : concat([`${tag}: `, typeText(type)]),
  );
  return concat([scalarText(base), "{", concat(texts, ", "), "}"]);
}

function lengthText(length: Length): string {
  switch (length.kind) {
    case "fixed":
      return `[${length.count}]`;
    case "bounded":
      return `[${length.count} <= ${length.max}]`;
    case "tail":
      return "[]";
  }
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The parts in a row; null where one is, or all together are too long. */
function concat(parts: readonly Text[], separator = ""): Text {
  let text = "";
  for (const [index, part] of parts.entries()) {
    if (part === null) return null;
    text += index === 0 ? part : separator + part;
    if (text.length > maxCanonicalLength) return null;
  }
  return text;
}
