/** `<file>.slave.ts`: for each interface what an implementation has, and the function that registers one. */
import type { Dispatch, FunctionDeclaration, InterfaceDeclaration, Model } from "@rpcgen/idl/model";
import { type MethodSignatureStructure, type OptionalKind, StructureKind } from "ts-morph";
import { aboutLines, docs, functionLines } from "./doc-text.js";
import { indented } from "./lines.js";
import type { Statement } from "./source-text.js";
import type { StubModule } from "./stub-module.js";
import { typeText } from "./type-text.js";

export function slaveStatements(model: Model, module: StubModule): Statement[] {
  return model.interfaces.flatMap((declared) => [
    implementationInterface(module, declared),
    registerFunction(module, declared),
  ]);
}

function implementationInterface(module: StubModule, declared: InterfaceDeclaration): Statement {
  return {
    kind: StructureKind.Interface,
    name: module.own(declared),
    isExported: true,
    docs: docs(aboutLines(declared)),
    methods: declared.functions.map((fn) => methodOf(module, fn)),
  };
}

function methodOf(module: StubModule, fn: FunctionDeclaration): OptionalKind<MethodSignatureStructure> {
  const { own, context } = parametersOf(module, fn);
  const parameters = fn.parameters.fields.map(({ type }, i) => ({
    name: own[i] as string,
    type: typeText(type, module),
  }));
  return {
    name: fn.names.typescript,
    parameters: [...parameters, { name: context, type: module.runtime("CallContext") }],
    returnType: returnType(module, fn),
    docs: docs(functionLines(fn, own)),
  };
}

function parametersOf(module: StubModule, fn: FunctionDeclaration): { own: string[]; context: string } {
  const locals = module.locals();
  const own = fn.parameters.fields.map(({ names }) => locals.claim(names.typescript));
  return { own, context: locals.claim("context") };
}

function returnType(module: StubModule, fn: FunctionDeclaration): string {
  if (fn.transfer.kind === "stream") {
    const item = typeText(fn.transfer.item, module);
    return `Iterable<${item}> | AsyncIterable<${item}>`;
  }
  const result = module.types.result(fn);
  const value =
    fn.transfer.kind === "bulk" ? "Uint8Array" : result === null ? "void" : typeText(result, module);
  return `${value} | Promise<${value}>`;
}

function registerFunction(module: StubModule, declared: InterfaceDeclaration): Statement {
  const name = module.own(declared);
  return {
    kind: StructureKind.Function,
    name: module.factory(declared),
    isExported: true,
    parameters: [
      { name: "slave", type: module.runtime("Slave") },
      { name: "implementation", type: name },
    ],
    returnType: "void",
    statements: declared.dispatches
      .flatMap((dispatch) => registration(module, declared, dispatch))
      .join("\n"),
    docs: docs([
      `Makes \`slave\` answer with what \`implementation\` does; it starts with \`slave.serve()\`.`,
      "Throws if one of the names is registered already.",
    ]),
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
  const { own, context } = parametersOf(module, fn);
  const argument = own.length === 0 ? "_" : `[${own.join(", ")}]`;
  const passed = [...own, context].join(", ");
  const run = `(${argument}, ${context}) => implementation.${fn.names.typescript}(${passed})`;
  const codec = `${module.functions(declared)}.${fn.names.typescript}`;
  const helper = { call: "answerCall", stream: "answerStream", bulk: "answerBulk" } as const;
  const slave = fn.transfer.kind === "stream" ? "slave, " : "";
  return `${module.runtime(helper[fn.transfer.kind])}(${slave}${codec}, ${run})`;
}
