/** `<file>.master.ts`: for each interface its methods, and the factory that makes them out of a master. */
import type { Field, FunctionDeclaration, InterfaceDeclaration, Model } from "@rpcgen/idl/model";
import { aboutLines, functionLines } from "./doc-text.js";
import { dataField } from "./function-codecs.js";
import { block } from "./lines.js";
import type { NameScope } from "./module-names.js";
import type { RuntimeName } from "./runtime-door.js";
import type { Method, Parameter, Statement } from "./statement.js";
import { canonicalText, type StubModule } from "./stub-module.js";
import { stringText, typeText, valuedFields, valueText } from "./type-text.js";

export function masterStatements(model: Model, module: StubModule): Statement[] {
  return model.interfaces.flatMap((declared) => [
    masterInterface(module, declared),
    masterFactory(module, declared),
    canonicalText(module, declared),
  ]);
}

/** Parameters of a stub, in order: the function's own, what it sends or a bulk's length, options. */
interface Parameters {
  readonly own: readonly { readonly name: string; readonly field: Field }[];
  /** What stands behind the function's own and must be given. */
  readonly extra: { readonly name: string; readonly type: string; readonly doc: string } | null;
  readonly options: string;
}

function parametersOf(module: StubModule, fn: FunctionDeclaration): Parameters {
  const locals = module.locals();
  const own = valuedFields(fn.parameters.fields).map((field) => {
    return { name: locals.claim(field.names.typescript), field };
  });
  return { own, extra: extraOf(module, fn, locals), options: locals.claim("options") };
}

function extraOf(
  module: StubModule,
  { transfer }: FunctionDeclaration,
  locals: NameScope,
): Parameters["extra"] {
  if (transfer.kind === "accept") {
    const item = typeText(transfer.item, module);
    const type = `Iterable<${item}> | AsyncIterable<${item}>`;
    return {
      name: locals.claim("items"),
      type,
      doc: "What is sent, one by one; nothing is asked for unless the other side accepts.",
    };
  }
  const isStated = transfer.kind === "bulk" && transfer.byteLength === null && transfer.sizeField === null;
  if (!isStated) return null;
  return {
    name: locals.claim("byteLength"),
    type: "number",
    doc: "How many bytes the other side will send.",
  };
}

function masterInterface(module: StubModule, declared: InterfaceDeclaration): Statement {
  const about = aboutLines(declared);
  const general = [
    "Every method rejects with an `RpcError`, whose `executed` says whether the function ran.",
    "Disposing of it does nothing: the master, which others may share, is closed by who made it.",
  ];
  return {
    kind: "interface",
    name: module.own(declared),
    extends: "AsyncDisposable",
    doc: [...about, ...(about.length > 0 ? [""] : []), ...general],
    members: [...declared.functions.map((fn) => methodOf(module, fn)), verifyMethod(module)],
  };
}

function verifyMethod(module: StubModule): Method {
  return {
    kind: "method",
    name: "$verify",
    parameters: [{ name: "options", type: module.runtime("CallOptions"), isOptional: true }],
    returnType: "Promise<void>",
    doc: [
      "Asks the other side what it serves, and rejects with an RpcError of code `schema-mismatch` where that",
      "packs differently, or `not-registered` where it can't say (it was not generated).",
    ],
  };
}

function methodOf(module: StubModule, fn: FunctionDeclaration): Method {
  const { own, extra, options } = parametersOf(module, fn);
  const parameters: Parameter[] = own.map(({ name, field }) => ({
    name,
    type: typeText(field.type, module),
    // A parameter with a default can't be left out in front of one that must be given.
    isOptional: field.defaultValue !== null && extra === null,
    ...(field.defaultValue !== null && extra !== null
      ? { type: `${typeText(field.type, module)} | undefined` }
      : {}),
  }));
  if (extra !== null) parameters.push({ name: extra.name, type: extra.type });
  const isStream = fn.transfer.kind === "stream" || fn.transfer.kind === "accept";
  const optionsType = module.runtime(isStream ? "StreamOptions" : "CallOptions");
  parameters.push({ name: options, type: optionsType, isOptional: true });
  const names = own.map(({ name }) => name);
  const more = extra === null ? [] : [`@param ${extra.name} - ${extra.doc}`];
  return {
    kind: "method",
    name: fn.names.typescript,
    parameters,
    returnType: returnType(module, fn),
    doc: functionLines(fn, names, more),
  };
}

function returnType(module: StubModule, fn: FunctionDeclaration): string {
  const result = module.types.result(fn);
  const text = result === null ? null : typeText(result, module);
  switch (fn.transfer.kind) {
    case "stream": {
      const header = text === null ? "" : `, ${text}`;
      return `${module.runtime("Stream")}<${typeText(fn.transfer.item, module)}${header}>`;
    }
    case "bulk":
      return text === null ? "Promise<Uint8Array>" : `Promise<${withDataText(module, fn, text)}>`;
    default:
      return `Promise<${text ?? "void"}>`;
  }
}

/** A bulk's `with` part and its data, as one object. */
export function withDataText(module: StubModule, fn: FunctionDeclaration, header: string): string {
  return `${module.runtime("WithData")}<${header}, ${stringText(dataField(fn))}>`;
}

function masterFactory(module: StubModule, declared: InterfaceDeclaration): Statement {
  const functions = module.functions(declared);
  const members = declared.functions.map((fn) => `${fn.names.typescript}: ${stubOf(module, functions, fn)},`);
  const text = module.canonicalText(declared);
  const verify = `${module.runtime("verifySchema")}(master, ${module.schema(declared)}, ${text}, options)`;
  const lines = [...members, `$verify: (options) => ${verify},`, "[Symbol.asyncDispose]: async () => {},"];
  const name = module.own(declared);
  return {
    kind: "function",
    name: module.factory(declared),
    isExported: true,
    parameters: [{ name: "master", type: module.runtime("Master") }],
    returnType: name,
    body: block("return", lines, "};"),
    doc: [`The functions of ${name} as calls by \`master\`. Sends nothing by itself.`],
  };
}

function stubOf(module: StubModule, functions: string, fn: FunctionDeclaration): string {
  const { own, extra, options } = parametersOf(module, fn);
  const parameters = own.map(({ name, field: { defaultValue, type } }) =>
    defaultValue === null ? name : `${name} = ${valueText(defaultValue, type, module)}`,
  );
  if (extra !== null) parameters.push(extra.name);
  const argument = `[${own.map(({ name }) => name).join(", ")}]`;
  const passed = ["master", `${functions}.${fn.names.typescript}`, argument];
  if (extra !== null) passed.push(extra.name);
  else if (fn.transfer.kind === "bulk") passed.push(String(fn.transfer.byteLength));
  const call = module.runtime(callOf(fn));
  return `(${[...parameters, options].join(", ")}) => ${call}(${[...passed, options].join(", ")})`;
}

function callOf({ transfer, result }: FunctionDeclaration): RuntimeName {
  switch (transfer.kind) {
    case "call":
      return "callFunction";
    case "stream":
      return "openFunctionStream";
    case "accept":
      return "sendFunctionStream";
    case "bulk":
      return result.kind === "nothing" ? "readFunctionBulk" : "readFunctionBulkWith";
  }
}
