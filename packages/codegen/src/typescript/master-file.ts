/** `<file>.master.ts`: for each interface its methods, and the factory that makes them out of a master. */
import type { Field, FunctionDeclaration, InterfaceDeclaration, Model } from "@rpcgen/idl/model";
import {
  type MethodSignatureStructure,
  type OptionalKind,
  type ParameterDeclarationStructure,
  StructureKind,
} from "ts-morph";
import { aboutLines, docs, functionLines } from "./doc-text.js";
import { block } from "./lines.js";
import type { Statement } from "./source-text.js";
import type { StubModule } from "./stub-module.js";
import { typeText, valueText } from "./type-text.js";

export function masterStatements(model: Model, module: StubModule): Statement[] {
  return model.interfaces.flatMap((declared) => [
    masterInterface(module, declared),
    masterFactory(module, declared),
  ]);
}

/** Parameters of a stub, in order: the function's own, a bulk's length, options. */
interface Parameters {
  readonly own: readonly { readonly name: string; readonly field: Field }[];
  readonly byteLength: string | null;
  readonly options: string;
}

function parametersOf(module: StubModule, fn: FunctionDeclaration): Parameters {
  const locals = module.locals();
  const own = fn.parameters.fields.map((field) => ({ name: locals.claim(field.names.typescript), field }));
  const isStated = fn.transfer.kind === "bulk" && fn.transfer.byteLength === null;
  return { own, byteLength: isStated ? locals.claim("byteLength") : null, options: locals.claim("options") };
}

function masterInterface(module: StubModule, declared: InterfaceDeclaration): Statement {
  const about = aboutLines(declared);
  const general = [
    "Every method rejects with an `RpcError`, whose `executed` says whether the function ran.",
    "Disposing of it does nothing: the master, which others may share, is closed by who made it.",
  ];
  return {
    kind: StructureKind.Interface,
    name: module.own(declared),
    isExported: true,
    extends: ["AsyncDisposable"],
    docs: docs([...about, ...(about.length > 0 ? [""] : []), ...general]),
    methods: declared.functions.map((fn) => methodOf(module, fn)),
  };
}

function methodOf(module: StubModule, fn: FunctionDeclaration): OptionalKind<MethodSignatureStructure> {
  const { own, byteLength, options } = parametersOf(module, fn);
  const isStream = fn.transfer.kind === "stream";
  const parameters: OptionalKind<ParameterDeclarationStructure>[] = own.map(({ name, field }) => ({
    name,
    type: typeText(field.type, module),
    // A parameter with a default can't be left out in front of one that must be given.
    hasQuestionToken: field.defaultValue !== null && byteLength === null,
    ...(field.defaultValue !== null && byteLength !== null
      ? { type: `${typeText(field.type, module)} | undefined` }
      : {}),
  }));
  if (byteLength !== null) parameters.push({ name: byteLength, type: "number" });
  const optionsType = module.runtime(isStream ? "StreamOptions" : "CallOptions");
  parameters.push({ name: options, type: optionsType, hasQuestionToken: true });
  const names = own.map(({ name }) => name);
  const stated =
    byteLength === null ? [] : [`@param ${byteLength} - How many bytes the other side will send.`];
  return {
    name: fn.names.typescript,
    parameters,
    returnType: returnType(module, fn),
    docs: docs(functionLines(fn, names, stated)),
  };
}

function returnType(module: StubModule, fn: FunctionDeclaration): string {
  if (fn.transfer.kind === "stream")
    return `${module.runtime("Stream")}<${typeText(fn.transfer.item, module)}>`;
  if (fn.transfer.kind === "bulk") return "Promise<Uint8Array>";
  const result = module.types.result(fn);
  return `Promise<${result === null ? "void" : typeText(result, module)}>`;
}

function masterFactory(module: StubModule, declared: InterfaceDeclaration): Statement {
  const functions = module.functions(declared);
  const members = declared.functions.map((fn) => `${fn.names.typescript}: ${stubOf(module, functions, fn)},`);
  const lines = [...members, "[Symbol.asyncDispose]: async () => {},"];
  const name = module.own(declared);
  return {
    kind: StructureKind.Function,
    name: module.factory(declared),
    isExported: true,
    parameters: [{ name: "master", type: module.runtime("Master") }],
    returnType: name,
    statements: block("return", lines, "};").join("\n"),
    docs: docs([`The functions of ${name} as calls by \`master\`. Sends nothing by itself.`]),
  };
}

function stubOf(module: StubModule, functions: string, fn: FunctionDeclaration): string {
  const { own, byteLength, options } = parametersOf(module, fn);
  const parameters = own.map(({ name, field: { defaultValue, type } }) =>
    defaultValue === null ? name : `${name} = ${valueText(defaultValue, type, module)}`,
  );
  const extra = byteLength === null ? [options] : [byteLength, options];
  const call = { call: "callFunction", stream: "openFunctionStream", bulk: "readFunctionBulk" } as const;
  const argument = `[${own.map(({ name }) => name).join(", ")}]`;
  const stated = fn.transfer.kind === "bulk" ? [byteLength ?? String(fn.transfer.byteLength)] : [];
  const passed = ["master", `${functions}.${fn.names.typescript}`, argument, ...stated, options];
  return `(${[...parameters, ...extra].join(", ")}) => ${module.runtime(call[fn.transfer.kind])}(${passed.join(", ")})`;
}
