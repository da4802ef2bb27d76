/** Constants, enums and structs as a script sees them. */
import type { About, Constant, EnumDeclaration, Field, Model, StructDeclaration } from "@rpcgen/idl/model";
import { docstringLines, pythonString, pythonTuple, pythonValue, textLines } from "./python-text.js";
import { argumentAnnotation, wordsFor } from "./type-words.js";

/** Integers that MicroPython keeps outside of the heap on every board; only those may be `const`. */
const SMALL = 2n ** 30n;

function aboutLines({ doc, unit, deprecated }: About): string[] {
  const lines = textLines(doc);
  if (unit !== null) lines.push(...textLines(`In ${unit}.`));
  if (deprecated !== null) lines.push(...textLines(`Deprecated: ${deprecated}`));
  return lines;
}

function constantView(constant: Constant) {
  const { value } = constant;
  const isSmall = value.kind === "integer" && value.value > -SMALL && value.value < SMALL;
  return {
    comment: aboutLines(constant),
    name: constant.names.python,
    value: isSmall ? `const(${pythonValue(value)})` : pythonValue(value),
    annotation: argumentAnnotation(constant.type),
  };
}

function enumView(declaration: EnumDeclaration) {
  return {
    name: declaration.names.python,
    docstring: docstringLines(aboutLines(declaration)),
    key: pythonString(declaration.names.python),
    values: pythonTuple(declaration.members.map((member) => String(member.value))),
    members: declaration.members.map((member) => ({
      comment: aboutLines(member),
      name: member.names.python,
      value: String(member.value),
    })),
  };
}

function fieldComment(field: Field): string[] {
  const unit = field.unit === null ? "" : ` in ${field.unit}`;
  const [first, ...more] = textLines(field.doc);
  const head = `${field.names.python}: ${wordsFor(field.type)}${unit}${first === undefined ? "" : `: ${first}`}`;
  const deprecated = field.deprecated === null ? [] : textLines(`    Deprecated: ${field.deprecated}`);
  return [...textLines(head), ...more.map((line) => `    ${line}`), ...deprecated];
}

function structView(declaration: StructDeclaration) {
  return {
    name: declaration.names.python,
    key: pythonString(declaration.names.python),
    comment: [...aboutLines(declaration), ...declaration.fields.flatMap(fieldComment)],
    docstring: docstringLines(aboutLines(declaration)),
    fieldNames: pythonTuple(declaration.fields.map((field) => pythonString(field.names.python))),
    fields: declaration.fields.map((field) => ({
      name: field.names.python,
      annotation: argumentAnnotation(field.type),
    })),
  };
}

export function declarationsView({ declarations }: Model) {
  return {
    constants: declarations.flatMap((it) => (it.kind === "constant" ? [constantView(it)] : [])),
    enums: declarations.flatMap((it) => (it.kind === "enum" ? [enumView(it)] : [])),
    structs: declarations.flatMap((it) => (it.kind === "struct" ? [structView(it)] : [])),
  };
}
