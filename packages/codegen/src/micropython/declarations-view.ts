/** What a file declares, as a script sees it: constants, classes of constants, named tuples, exceptions. */
import type {
  About,
  Constant,
  EnumDeclaration,
  ErrorDeclaration,
  Field,
  FlagsDeclaration,
  Model,
  StructDeclaration,
  UnionDeclaration,
} from "@rpcgen/idl/model";
import { moduleName } from "./name-for-python.js";
import { createNameScope } from "./name-scope.js";
import { docstringLines, pythonString, pythonTuple, pythonValue, textLines } from "./python-text.js";
import { valueFields } from "./record-steps.js";
import { rangeWords, wordsFor } from "./type-words.js";

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
  const name = moduleName(constant);
  // Of a name that begins with `_`, `const` would leave nothing that another module could import.
  const isPublic = !name.startsWith("_");
  const isSmall = isPublic && value.kind === "integer" && value.value > -SMALL && value.value < SMALL;
  return {
    comment: aboutLines(constant),
    name,
    value: isSmall ? `const(${pythonValue(value)})` : pythonValue(value),
    type: constant.type,
  };
}

/** Enums and flags are classes of constants. `values`: of a closed enum, whose numbers are all that it may be. */
function numbersView(declaration: EnumDeclaration | FlagsDeclaration) {
  const isClosed = declaration.kind === "enum" && !declaration.open;
  return {
    name: moduleName(declaration),
    docstring: docstringLines(aboutLines(declaration)),
    key: pythonString(declaration.names.python),
    values: isClosed ? pythonTuple(declaration.members.map((member) => String(member.value))) : null,
    members: declaration.members.map((member) => ({
      comment: aboutLines(member),
      name: member.names.python,
      value: String(member.value),
    })),
  };
}

function fieldComment(field: Field): string[] {
  const unit = `${field.unit === null ? "" : ` in ${field.unit}`}${rangeWords(field)}`;
  const [first, ...more] = textLines(field.doc);
  const head = `${field.names.python}: ${wordsFor(field.type)}${unit}${first === undefined ? "" : `: ${first}`}`;
  const deprecated = field.deprecated === null ? [] : textLines(`    Deprecated: ${field.deprecated}`);
  return [...textLines(head), ...more.map((line) => `    ${line}`), ...deprecated];
}

function fieldViews(fields: readonly Field[]) {
  return valueFields(fields).map((field) => ({ name: field.names.python, type: field.type }));
}

function structView(declaration: StructDeclaration) {
  const fields = valueFields(declaration.fields);
  return {
    declaration,
    name: moduleName(declaration),
    key: pythonString(moduleName(declaration)),
    comment: [...aboutLines(declaration), ...fields.flatMap(fieldComment)],
    docstring: docstringLines(aboutLines(declaration)),
    fieldNames: pythonTuple(fields.map((field) => pythonString(field.names.python))),
    fields: fieldViews(fields),
  };
}

function errorView(declaration: ErrorDeclaration) {
  const fields = valueFields(declaration.fields);
  const names = fields.map((field) => field.names.python);
  return {
    name: moduleName(declaration),
    docstring: docstringLines([...aboutLines(declaration), ...fields.flatMap(fieldComment)]),
    self: createNameScope(names).take("self"),
    parameters: names.join(", "),
    fields: fieldViews(fields),
  };
}

/** A union has no name in the module: its values are plain pairs. What they may be is told in a comment. */
function unionView(declaration: UnionDeclaration) {
  const { names } = declaration;
  const variants = declaration.variants.flatMap((variant) => {
    const value = variant.type === null ? "None" : wordsFor(variant.type);
    const about = aboutLines(variant).map((line) => `    ${line}`.trimEnd());
    return [`(${pythonString(variant.names.source)}, ${value})`, ...about];
  });
  return { comment: [...aboutLines(declaration), `${names.source} is one of these pairs:`, ...variants] };
}

export function declarationsView({ declarations }: Model) {
  return {
    constants: declarations.flatMap((it) => (it.kind === "constant" ? [constantView(it)] : [])),
    enums: declarations.flatMap((it) => (it.kind === "enum" || it.kind === "flags" ? [numbersView(it)] : [])),
    structs: declarations.flatMap((it) => (it.kind === "struct" ? [structView(it)] : [])),
    unions: declarations.flatMap((it) => (it.kind === "union" ? [unionView(it)] : [])),
    errors: declarations.flatMap((it) => (it.kind === "error" ? [errorView(it)] : [])),
  };
}
