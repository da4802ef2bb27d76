/** An interface as a class to derive from, and the table of its functions that `serve` registers. */
import type { FunctionDeclaration, InterfaceDeclaration } from "@rpcgen/idl/model";
import { answerOf } from "./answer.js";
import { getArguments } from "./get-type.js";
import type { PackingContext } from "./packing-context.js";
import { docstringLines, pythonString, pythonValue, textLines } from "./python-text.js";
import { argumentAnnotation, resultAnnotation, resultWords, wordsFor } from "./type-words.js";

export interface MethodView {
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly annotation: string;
    readonly hasDefault: boolean;
  }[];
  readonly returns: string;
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
  const details = declaration.parameters.fields.flatMap((field) => {
    const unit = field.unit === null ? "" : ` in ${field.unit}`;
    const fallback = field.defaultValue === null ? "" : `, ${pythonValue(field.defaultValue)} if not sent`;
    const [first, ...more] = textLines(field.doc);
    const about = first === undefined ? "" : `: ${first}`;
    const head = `${field.names.python}: ${wordsFor(field.type)}${unit}${fallback}${about}`;
    return [...textLines(head), ...more.map((line) => `    ${line}`)];
  });
  const result = resultWords(declaration);
  if (result !== null)
    details.push(`-> ${result}${declaration.media === null ? "" : `, ${declaration.media}`}`);
  if (lines.length > 0 && details.length > 0) lines.push("");
  return docstringLines([...lines, ...details]);
}

export function classView(declaration: InterfaceDeclaration): ClassView {
  const doc = textLines(declaration.doc);
  if (declaration.deprecated !== null) doc.push(...textLines(`Deprecated: ${declaration.deprecated}`));
  return {
    name: declaration.names.python,
    docstring: docstringLines(
      doc.length > 0 ? doc : [`To derive from: a method for each function of ${declaration.names.source}.`],
    ),
    methods: declaration.functions.map((method) => ({
      name: method.names.python,
      parameters: method.parameters.fields.map((field) => ({
        name: field.names.python,
        annotation: argumentAnnotation(field.type),
        hasDefault: field.defaultValue !== null,
      })),
      returns: resultAnnotation(method),
      docstring: methodDocstring(method),
    })),
  };
}

const CLASSES = { call: "_Function", stream: "_Stream", bulk: "_Bulk" } as const;

/** One line of the table: the arguments of `_Function` as text. */
export function registrationsOf(declaration: InterfaceDeclaration, context: PackingContext) {
  return declaration.dispatches.flatMap((dispatch) =>
    dispatch.functions.map((method) => {
      const key = `${declaration.names.python}_${method.names.python}`;
      const { fields } = method.parameters;
      const shape = { key: `arguments ${key}`, name: key, title: "arguments", fields };
      return {
        className: CLASSES[method.transfer.kind],
        name: pythonString(method.names.python),
        wireName: pythonString(dispatch.wireName),
        id: `0x${dispatch.id.toString(16).padStart(8, "0")}`,
        least: method.accepts.min,
        most: method.accepts.max ?? "None",
        throws: method.throws ? "True" : "False",
        isEmptyFailure: method.emptyAnswer === "failed" ? "True" : "False",
        method: method.names.python,
        arguments: fields.length === 0 ? "None" : getArguments(shape, context),
        answer: answerOf(method, key, context),
      };
    }),
  );
}
