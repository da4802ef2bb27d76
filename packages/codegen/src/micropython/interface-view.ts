/** An interface as a class to derive from, and the table of its functions that `serve` registers. */
import type { FunctionDeclaration, InterfaceDeclaration, Type } from "@rpcgen/idl/model";
import { answerOf, transferArguments } from "./answer.js";
import { getArguments } from "./get-type.js";
import { methodName, moduleName } from "./name-for-python.js";
import { packError } from "./pack-message.js";
import type { PackingContext } from "./packing-context.js";
import {
  docstringLines,
  pythonBytes,
  pythonString,
  pythonTuple,
  pythonValue,
  textLines,
} from "./python-text.js";
import { valueFields } from "./record-steps.js";
import { rangeWords, resultWords, wordsFor } from "./type-words.js";

export interface MethodView {
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: Type;
  }[];
  readonly declaration: FunctionDeclaration;
  readonly docstring: readonly string[];
}

export interface ClassView {
  readonly name: string;
  readonly docstring: readonly string[];
  readonly methods: readonly MethodView[];
}

/** Doc comment, deprecation, then what goes in and out. */
export function methodDocstring(declaration: FunctionDeclaration): string[] {
  const lines = textLines(declaration.doc);
  if (declaration.deprecated !== null) lines.push(...textLines(`Deprecated: ${declaration.deprecated}`));
  const details = valueFields(declaration.parameters.fields).flatMap((field) => {
    const unit = `${field.unit === null ? "" : ` in ${field.unit}`}${rangeWords(field)}`;
    const fallback = field.defaultValue === null ? "" : `, ${pythonValue(field.defaultValue)} if not sent`;
    const [first, ...more] = textLines(field.doc);
    const about = first === undefined ? "" : `: ${first}`;
    const head = `${field.names.python}: ${wordsFor(field.type)}${unit}${fallback}${about}`;
    return [...textLines(head), ...more.map((line) => `    ${line}`)];
  });
  const result = resultWords(declaration);
  if (result !== null)
    details.push(`-> ${result}${declaration.media === null ? "" : `, ${declaration.media}`}`);
  details.push(...declaration.errors.map((error) => `raises ${moduleName(error)}`));
  if (lines.length > 0 && details.length > 0) lines.push("");
  return docstringLines([...lines, ...details]);
}

export function classView(declaration: InterfaceDeclaration): ClassView {
  const doc = textLines(declaration.doc);
  if (declaration.deprecated !== null) doc.push(...textLines(`Deprecated: ${declaration.deprecated}`));
  return {
    name: moduleName(declaration),
    docstring: docstringLines(
      doc.length > 0 ? doc : [`To derive from: a method for each function of ${declaration.names.source}.`],
    ),
    methods: declaration.functions.map((method) => ({
      name: methodName(method),
      parameters: valueFields(method.parameters.fields).map((field) => ({
        name: field.names.python,
        type: field.type,
      })),
      declaration: method,
      docstring: methodDocstring(method),
    })),
  };
}

const CLASSES = { call: "_Function", stream: "_Stream", accept: "_Accept", bulk: "_Bulk" } as const;

/** The table of the functions of an interface: the arguments of `_Function` and of what derives from it, as text. */
export function registrationsOf(declaration: InterfaceDeclaration, context: PackingContext) {
  return declaration.dispatches.flatMap((dispatch) =>
    dispatch.functions.map((method) => {
      const key = `${moduleName(declaration)}_${method.names.python}`;
      const { fields } = method.parameters;
      const shape = { key: `arguments ${key}`, name: key, title: "arguments", fields };
      return {
        className: method.once ? "_Once" : CLASSES[method.transfer.kind],
        name: pythonString(method.names.python),
        wireName: pythonString(dispatch.wireName),
        id: `0x${dispatch.id.toString(16).padStart(8, "0")}`,
        least: method.accepts.min,
        most: method.accepts.max ?? "None",
        throws: method.throws ? "True" : "False",
        isEmptyFailure: method.emptyAnswer === "failed" ? "True" : "False",
        method: methodName(method),
        arguments: fields.length === 0 ? "None" : getArguments(shape, context),
        answer: answerOf(method, key, context),
        errors: pythonTuple(
          method.errors.map((error) => `(${moduleName(error)}, ${packError(error, context)})`),
        ),
        more: transferArguments(method, key, context),
      };
    }),
  );
}

/** What the handshake says of an interface: hash of its name and fingerprint as bytes, and its canonical text. */
export function schemaOf(
  { nameHash, fingerprint, canonicalText }: InterfaceDeclaration,
  embedSchema: boolean,
) {
  const hash = [0, 8, 16, 24].map((shift) => (nameHash >>> shift) & 255);
  const print = fingerprint.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
  return { id: pythonBytes([...hash, ...print]), text: embedSchema ? pythonString(canonicalText) : "None" };
}
