/** How types, literals and number formats are spelled in TypeScript. */
import type {
  Declaration,
  EnumDeclaration,
  Field,
  FlagsDeclaration,
  FloatName,
  FloatType,
  IntegerName,
  IntegerType,
  Type,
  Value,
} from "@rpcgen/idl/model";
import type { RuntimeName } from "./runtime-door.js";

/** What things are called in the module that is being written. */
export interface Naming {
  declared(declaration: Declaration, use: "type" | "value"): string;
  runtime(name: RuntimeName): string;
}

export type NumberName = IntegerName | FloatName;

interface NumberFormat {
  /** Of `DataView`: `getUint16`, `setUint16`. */
  readonly accessor: string;
  readonly bytes: number;
  /** What a list of them is. */
  readonly list: string;
}

export const NUMBER_FORMATS: Readonly<Record<NumberName, NumberFormat>> = {
  u8: { accessor: "Uint8", bytes: 1, list: "Uint8Array" },
  i8: { accessor: "Int8", bytes: 1, list: "Int8Array" },
  u16: { accessor: "Uint16", bytes: 2, list: "Uint16Array" },
  i16: { accessor: "Int16", bytes: 2, list: "Int16Array" },
  u32: { accessor: "Uint32", bytes: 4, list: "Uint32Array" },
  i32: { accessor: "Int32", bytes: 4, list: "Int32Array" },
  u64: { accessor: "BigUint64", bytes: 8, list: "BigUint64Array" },
  i64: { accessor: "BigInt64", bytes: 8, list: "BigInt64Array" },
  f32: { accessor: "Float32", bytes: 4, list: "Float32Array" },
  f64: { accessor: "Float64", bytes: 8, list: "Float64Array" },
};

export function isBigint(name: NumberName): boolean {
  return name === "u64" || name === "i64";
}

/** The format of a list's items where the list is a typed array, else null. `bytes` is one, too. */
export function numberListFormat(type: Type): NumberFormat | null {
  if (type.kind === "bytes") return NUMBER_FORMATS.u8;
  if (type.kind !== "list") return null;
  return isNumber(type.item) ? NUMBER_FORMATS[type.item.name] : null;
}

/** A list of numbers of more than one byte, most significant byte first. */
export function isBigEndianList(type: Type): boolean {
  return type.kind === "list" && isNumber(type.item) && type.item.bigEndian;
}

function isNumber(type: Type): type is IntegerType | FloatType {
  return type.kind === "integer" || type.kind === "float";
}

/** The fields that have a value: padding has none. */
export function valuedFields(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ type }) => type.kind !== "pad");
}

/** `bytes`, and the list of u8, which is the same thing. */
export function isBytes(type: Type): boolean {
  return numberListFormat(type) === NUMBER_FORMATS.u8;
}

/** Always the same number of bytes. */
export function isFixed({ size }: Type): boolean {
  return size.min === size.max && size.min > 0;
}

/** A type as written, its alias first. */
export function typeText(type: Type, naming: Naming): string {
  return type.alias !== null ? naming.declared(type.alias, "type") : targetText(type, naming);
}

/** What an alias stands for. */
export function targetText(type: Type, naming: Naming): string {
  switch (type.kind) {
    case "integer":
      return isBigint(type.name) ? "bigint" : "number";
    case "float":
      return "number";
    case "bool":
      return "boolean";
    case "string":
      return "string";
    case "enum":
    case "flags":
    case "struct":
    case "union":
      return naming.declared(type.declaration, "type");
    case "json":
      return naming.runtime("JsonValue");
    case "optional":
      return `${typeText(type.value, naming)} | null`;
    case "bytes":
      return "Uint8Array";
    case "list": {
      const format = numberListFormat(type);
      return format !== null ? format.list : `readonly ${itemText(typeText(type.item, naming))}[]`;
    }
    case "pad":
      throw new Error("padding has no value, and so no type");
  }
}

/** A type as the item of an array type. */
export function itemText(text: string): string {
  return /[ |]/.test(text) ? `(${text})` : text;
}

/** A constant or default. `type` decides between `1` and `1n`. */
export function valueText(value: Value, type: Type, naming: Naming): string {
  switch (value.kind) {
    case "integer":
      return integerText(value.value, type);
    case "float":
      return Object.is(value.value, -0) ? "-0" : String(value.value);
    case "bool":
      return String(value.value);
    case "string":
      return stringText(value.value);
    case "null":
      return "null";
    case "member":
      return `${naming.declared(value.declaration, "value")}.${value.member.names.typescript}`;
    case "flags": {
      const name = () => naming.declared(value.declaration, "value");
      const members = value.members.map((member) => `${name()}.${member.names.typescript}`);
      return members.length > 0 ? members.join(" | ") : integerText(value.value, type);
    }
  }
}

function integerText(value: bigint, type: Type): string {
  switch (type.kind) {
    case "optional":
      return integerText(value, type.value);
    case "integer":
      return isBigint(type.name) ? `${value}n` : `${value}`;
    case "enum":
    case "flags":
      return integerText(value, type.declaration.base);
    default:
      return `${value}`;
  }
}

/** U+2028 and the like stay readable in a source file as escapes. */
export function stringText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202f\ufeff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Each member's number as a literal. */
export function memberLiterals({ base, members }: EnumDeclaration | FlagsDeclaration): string[] {
  return members.map(({ value }) => (isBigint(base.name) ? `${value}n` : `${value}`));
}
