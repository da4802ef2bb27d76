/** The script that a person goes on from: a class for each interface, with bodies that fail or say "none". */
import type { FunctionDeclaration, Model, Result, Type } from "@rpcgen/idl/model";
import type { BoardChoice } from "../boards/index.js";
import { classView } from "./interface-view.js";
import { moduleName } from "./name-for-python.js";
import { createNameScope } from "./name-scope.js";
import { openLink } from "./open-link.js";
import { moduleBase } from "./python-text.js";
import { valueFields } from "./record-steps.js";
import { wordsFor } from "./type-words.js";

const UNWRITTEN = 'raise NotImplementedError("yours to write")';

/** What stands in a new method: the comment says what to return, the code is safe until somebody did. */
function bodyOf(declaration: FunctionDeclaration): { comment: string; code: string } {
  const { result, transfer } = declaration;
  const hasPart = result.kind !== "nothing";
  if (transfer.kind === "call") return callBody(result);
  if (transfer.kind === "stream") {
    if (hasPart) return { comment: "return the `with` part and an iterator of the items", code: UNWRITTEN };
    return {
      comment: "yield one item after the other; the master may leave at any time",
      code: "return iter(())",
    };
  }
  if (transfer.kind === "accept") {
    const pair = "a function for each item, and one for the end: it gets True if all items came";
    if (hasPart) return { comment: `return the \`with\` part, ${pair}`, code: UNWRITTEN };
    return { comment: `return ${pair}`, code: "return lambda item: None, lambda complete: None" };
  }
  const data = "the bytes to send, such as img.bytearray()";
  return { comment: hasPart ? `return the \`with\` part and ${data}` : data, code: UNWRITTEN };
}

function callBody(result: Result): { comment: string; code: string } {
  if (result.kind === "nothing") return { comment: "your code here; nothing to return", code: "pass" };
  if (result.kind === "several") {
    const fields = valueFields(result.fields);
    const names = `${fields.map((field) => field.names.python).join(", ")}${fields.length === 1 ? "," : ""}`;
    if (result.optional) return { comment: `return (${names}), or None`, code: "return None" };
    return { comment: `return (${names})`, code: UNWRITTEN };
  }
  const { type } = result;
  if (type.kind === "optional") {
    const { value } = type;
    if (value.kind !== "struct") return { comment: "return a value, or None", code: "return None" };
    const values = valueFields(value.declaration.fields).map((field) => field.names.python);
    const call = `${moduleName(value.declaration)}(${values.join(", ")})`;
    return { comment: `return ${call}, or None`, code: "return None" };
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

const IMPORTED: ReadonlySet<string> = new Set(["struct", "enum", "flags", "error"]);

export function mainView(model: Model, singleFile: boolean, choice: BoardChoice | null) {
  const module = `${moduleBase(model.fileBase)}_rpc`;
  const declared = model.declarations.map(moduleName);
  const interfaces = model.interfaces.map(moduleName);
  // In the two-file form a class is called as its base, which is reached through the module.
  const link = openLink(choice);
  const scope = createNameScope([...declared, ...interfaces, "serve", "rpc", ...link.names]);
  return {
    module,
    singleFile,
    link,
    serve: singleFile ? "serve" : `${module}.serve`,
    imported: model.declarations
      .filter((it) => IMPORTED.has(it.kind))
      .map(moduleName)
      .join(", "),
    slave: scope.take("slave"),
    classes: model.interfaces.map((declaration) => {
      const view = classView(declaration);
      return {
        ...view,
        base: singleFile ? view.name : `${module}.${view.name}`,
        own: singleFile ? scope.take(`My${view.name}`) : view.name,
        methods: view.methods.map((method) => ({ ...method, ...bodyOf(method.declaration) })),
      };
    }),
  };
}
