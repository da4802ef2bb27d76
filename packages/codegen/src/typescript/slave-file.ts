/** `<file>.slave.ts`: for each interface what an implementation has, and the function that registers one. */
import type { Dispatch, FunctionDeclaration, InterfaceDeclaration, Model } from "@rpcgen/idl/model";
import type { TargetOptions } from "../target.js";
import { aboutLines, functionLines } from "./doc-text.js";
import { indented } from "./lines.js";
import { withDataText } from "./master-file.js";
import type { RuntimeName } from "./runtime-door.js";
import type { Method, Statement } from "./statement.js";
import { canonicalText, type StubModule } from "./stub-module.js";
import { typeText, valuedFields } from "./type-text.js";

export function slaveStatements(model: Model, module: StubModule, options: TargetOptions): Statement[] {
  return model.interfaces.flatMap((declared) => [
    implementationInterface(module, declared),
    registerFunction(module, declared, options),
    ...(options.embedSchema ? [canonicalText(module, declared)] : []),
  ]);
}

function implementationInterface(module: StubModule, declared: InterfaceDeclaration): Statement {
  return {
    kind: "interface",
    name: module.own(declared),
    extends: null,
    doc: aboutLines(declared),
    members: declared.functions.map((fn) => methodOf(module, fn)),
  };
}

function methodOf(module: StubModule, fn: FunctionDeclaration): Method {
  const { own, items, context } = parametersOf(module, fn);
  const parameters = valuedFields(fn.parameters.fields).map(({ type }, i) => ({
    name: own[i] as string,
    type: typeText(type, module),
  }));
  if (items !== null && fn.transfer.kind === "accept") {
    parameters.push({ name: items, type: `AsyncIterable<${typeText(fn.transfer.item, module)}>` });
  }
  const more = items === null ? [] : [`@param ${items} - ${ITEMS_DOC}`];
  return {
    kind: "method",
    name: fn.names.typescript,
    parameters: [...parameters, { name: context, type: module.runtime("CallContext") }],
    returnType: returnType(module, fn),
    doc: functionLines(fn, own, more),
  };
}

const ITEMS_DOC =
  "What the caller sends. The call is answered when the first is asked for; a broken stream throws.";

interface Parameters {
  readonly own: readonly string[];
  /** Of an `accept` without a `with` part. */
  readonly items: string | null;
  readonly context: string;
}

function parametersOf(module: StubModule, fn: FunctionDeclaration): Parameters {
  const locals = module.locals();
  const own = valuedFields(fn.parameters.fields).map(({ names }) => locals.claim(names.typescript));
  const isPlainAccept = fn.transfer.kind === "accept" && fn.result.kind === "nothing";
  return { own, items: isPlainAccept ? locals.claim("items") : null, context: locals.claim("context") };
}

function returnType(module: StubModule, fn: FunctionDeclaration): string {
  const result = module.types.result(fn);
  const header = result === null ? null : typeText(result, module);
  const { transfer } = fn;
  switch (transfer.kind) {
    case "call":
      return promised(header ?? "void");
    case "stream": {
      const item = typeText(transfer.item, module);
      if (header === null) return `Iterable<${item}> | AsyncIterable<${item}>`;
      return promised(`${module.runtime("Opening")}<${item}, ${header}>`);
    }
    case "accept":
      if (header === null) return promised("void");
      return promised(`${module.runtime("Receiving")}<${typeText(transfer.item, module)}, ${header}>`);
    case "bulk":
      return promised(header === null ? "Uint8Array" : withDataText(module, fn, header));
  }
}

function promised(type: string): string {
  return `${type} | Promise<${type}>`;
}

function registerFunction(
  module: StubModule,
  declared: InterfaceDeclaration,
  { embedSchema }: TargetOptions,
): Statement {
  const name = module.own(declared);
  const text = embedSchema ? module.canonicalText(declared) : "null";
  const schema = `${module.runtime("registerSchema")}(slave, ${module.schema(declared)}, ${text});`;
  return {
    kind: "function",
    name: module.factory(declared),
    isExported: true,
    parameters: [
      { name: "slave", type: module.runtime("Slave") },
      { name: "implementation", type: name },
    ],
    returnType: "void",
    body: [...declared.dispatches.flatMap((dispatch) => registration(module, declared, dispatch)), schema],
    doc: [
      `Makes \`slave\` answer with what \`implementation\` does; it starts with \`slave.serve()\`.`,
      "Throws if one of the names is registered already.",
    ],
  };
}

function registration(module: StubModule, declared: InterfaceDeclaration, { functions }: Dispatch): string[] {
  const [first = "", ...others] = functions.map((fn) => handlerOf(module, declared, fn));
  const register = module.runtime("registerFunctions");
  if (others.length === 0) return [`${register}(slave, ${first});`];
  const lines = ["slave", first, ...others].map((argument) => `${argument},`);
  return [`${register}(`, ...indented(lines), ");"];
}

function handlerOf(module: StubModule, declared: InterfaceDeclaration, fn: FunctionDeclaration): string {
  const { own, items, context } = parametersOf(module, fn);
  const argument = own.length === 0 ? "_" : `[${own.join(", ")}]`;
  const more = items === null ? [context] : [items, context];
  const call = `implementation.${fn.names.typescript}(${[...own, ...more].join(", ")})`;
  const run = `(${[argument, ...more].join(", ")}) => ${call}`;
  const codec = `${module.functions(declared)}.${fn.names.typescript}`;
  const streams = fn.transfer.kind === "stream" || fn.transfer.kind === "accept";
  return `${module.runtime(answerOf(fn))}(${streams ? "slave, " : ""}${codec}, ${run})`;
}

function answerOf({ transfer, result }: FunctionDeclaration): RuntimeName {
  const isPlain = result.kind === "nothing";
  switch (transfer.kind) {
    case "call":
      return "answerCall";
    case "stream":
      return isPlain ? "answerStream" : "answerStreamWith";
    case "accept":
      return isPlain ? "answerAccept" : "answerAcceptWith";
    case "bulk":
      return isPlain ? "answerBulk" : "answerBulkWith";
  }
}
