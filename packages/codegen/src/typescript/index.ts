/** The TypeScript target: types and codecs, master stub, slave skeleton. */
import type { Model } from "@rpcgen/idl/model";
import type { GeneratedFile, Target, TargetOptions } from "../target.js";
import { masterStatements } from "./master-file.js";
import { moduleText } from "./module-text.js";
import { slaveStatements } from "./slave-file.js";
import { StubModule } from "./stub-module.js";
import { typesStatements } from "./types-file.js";
import { TypesModule } from "./types-module.js";

export const typescriptTarget: Target = { name: "typescript", generate: generateTypeScript };

/** A file without interfaces gives types alone. */
function generateTypeScript(model: Model, options: TargetOptions): readonly GeneratedFile[] {
  const types = new TypesModule(model);
  const typesText = typesStatements(model, types, options);
  const files = [file(`${model.fileBase}.types.ts`, types, typesText)];
  if (model.interfaces.length > 0) {
    const master = new StubModule(model, types, { type: (name) => name, factory: (name) => `create${name}` });
    files.push(file(`${model.fileBase}.master.ts`, master, masterStatements(model, master)));
    const slave = new StubModule(model, types, {
      type: (name) => `${name}Implementation`,
      factory: (name) => `register${name}`,
    });
    files.push(file(`${model.fileBase}.slave.ts`, slave, slaveStatements(model, slave, options)));
  }
  return files;

  function file(
    path: string,
    { names }: TypesModule | StubModule,
    statements: ReturnType<typeof typesStatements>,
  ) {
    return { path, text: moduleText(model.doc, names, statements, options), once: false, yoursFrom: null };
  }
}
