/** Compiles an interface file, generates its TypeScript and loads what `<file>.types.ts` exports. */
import { compile } from "@rpcgen/idl";
import type { Model } from "@rpcgen/idl/model";
import * as runtime from "@rpcgen/runtime/codec/v1";
import ts from "typescript";
import { generateTypeScript } from "./scenarios.js";

export interface Loaded {
  readonly model: Model;
  readonly text: string;
  /** By name, as the module exports them. */
  readonly exports: Readonly<Record<string, unknown>>;
}

export async function loadGenerated(idl: string): Promise<Loaded> {
  const bytes = new TextEncoder().encode(idl);
  const { model, diagnostics } = await compile("loaded.idl", {
    read: () => bytes,
    resolve: (_, path) => path,
  });
  if (model === null) {
    throw new Error(`${diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n")}\n${idl}`);
  }
  const text = (await generateTypeScript(model, "loaded.idl")).find(
    ({ path }) => path === "loaded.types.ts",
  )?.text;
  if (text === undefined) throw new Error("no file of types was generated");
  return { model, text, exports: evaluate(text) };
}

/** As CommonJS: there is no file that could be imported. */
function evaluate(text: string): Record<string, unknown> {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  const exports: Record<string, unknown> = {};
  new Function("exports", "require", outputText)(exports, () => runtime);
  return exports;
}
