/** The script that a person goes on from: a class for each interface, with bodies that fail or say "none". */
import type { FunctionDeclaration, Model, Type } from "@rpcgen/idl/model";
import { classView } from "./interface-view.js";
import { createNameScope } from "./name-scope.js";
import { moduleBase } from "./python-text.js";
import { wordsFor } from "./type-words.js";

const UNWRITTEN = 'raise NotImplementedError("yours to write")';

/** What stands in a new method: the comment says what to return, the code is safe until somebody did. */
function bodyOf(declaration: FunctionDeclaration): { comment: string; code: string } {
  const { result, transfer } = declaration;
  if (transfer.kind === "stream") {
    return {
      comment: "yield one item after the other; the master may leave at any time",
      code: "return iter(())",
    };
  }
  if (transfer.kind === "bulk") {
    return { comment: "the bytes to send, such as img.bytearray()", code: UNWRITTEN };
  }
  if (result.kind === "nothing") return { comment: "your code here; nothing to return", code: "pass" };
  if (result.kind === "several") {
    const names = result.fields.map((field) => field.names.python).join(", ");
    if (result.optional) return { comment: `return (${names}), or None`, code: "return None" };
    return { comment: `return (${names})`, code: UNWRITTEN };
  }
  const { type } = result;
  if (type.kind === "optional") {
    const { value } = type;
    if (value.kind !== "struct") return { comment: "return a value, or None", code: "return None" };
    const { names, fields } = value.declaration;
    const values = fields.map((field) => field.names.python).join(", ");
    return { comment: `return ${names.python}(${values}), or None`, code: "return None" };
  }
  const empty = emptyOf(type);
  if (empty !== null)
    return { comment: `return ${wordsFor(type)}; so far it is empty`, code: `return ${empty}` };
  return { comment: `return ${wordsFor(type)}`, code: UNWRITTEN };
}

/** The empty value of a type that has one. */
function emptyOf(type: Type): string | null {
  if (type.kind !== "bytes" && type.kind !== "string" && type.kind !== "list") return null;
  if (type.length.kind === "fixed") return null;
  return { bytes: 'b""', string: '""', list: "[]" }[type.kind];
}

export function mainView(model: Model, singleFile: boolean) {
  const module = `${moduleBase(model.fileBase)}_rpc`;
  const declared = model.declarations.map(({ names }) => names.python);
  const interfaces = model.interfaces.map(({ names }) => names.python);
  // In the two-file form a class is called as its base, which is reached through the module.
  const scope = createNameScope([...declared, ...interfaces, "serve", "rpc"]);
  const structs = model.declarations.flatMap((it) =>
    it.kind === "struct" || it.kind === "enum" ? [it.names.python] : [],
  );
  return {
    module,
    singleFile,
    imported: structs.join(", "),
    classes: model.interfaces.map((declaration) => {
      const view = classView(declaration);
      return {
        ...view,
        base: singleFile ? view.name : `${module}.${view.name}`,
        own: singleFile ? scope.take(`My${view.name}`) : view.name,
        methods: view.methods.map((method, index) => {
          const function_ = declaration.functions[index];
          return { ...method, ...(function_ === undefined ? {} : bodyOf(function_)) };
        }),
      };
    }),
  };
}
