/** The last phase: checked names to the immutable model, with every size, offset, id and spelling worked out. */
import { dependencyOrder } from "../check/dependency-order.js";
import { createScope } from "../check/scope.js";
import type { Report } from "../diagnostics/report.js";
import { maxDeclarations } from "../source/limits.js";
import type { Loaded } from "../source/load.js";
import type { FileNode, InterfaceNode } from "../syntax/ast.js";
import { buildDeclaration } from "./build-declaration.js";
import { buildInterface } from "./build-interface.js";
import type { Building } from "./building.js";
import { derivedNames, reportClashes } from "./clashes.js";
import { deepFreeze } from "./deep-freeze.js";
import type { InterfaceDeclaration, Model } from "./model.js";

/** Null only where there was no entry file to build from; whether it is whole is for the reports to say. */
export function buildModel(loaded: Loaded<FileNode>, report: Report): Model | null {
  const entry = loaded.files[0];
  if (entry === undefined || tooMany(loaded, report)) return null;
  const scope = createScope(loaded, report);
  const building: Building = {
    scope,
    report,
    sources: loaded.sources,
    built: new Map(),
    depths: new Map(),
  };
  for (const node of dependencyOrder(scope, report)) {
    const declaration = buildDeclaration(node, building);
    if (declaration !== null) building.built.set(node, declaration);
  }
  const faces = new Map<InterfaceNode, InterfaceDeclaration>();
  for (const node of scope.declarations) {
    if (node.kind === "interface") faces.set(node, buildInterface(node, building));
  }
  const declarations = scope.declarations.flatMap((node) => building.built.get(node) ?? []);
  const interfaces = [...faces].flatMap(([node, face]) =>
    node.name.span.file === entry.source.path ? [face] : [],
  );
  reportClashes([...declarations, ...interfaces, ...interfaces.flatMap(derivedNames)], report);
  const fileBase = baseName(entry.source.path);
  const module = entry.module?.text ?? fileBase;
  return deepFreeze({ fileBase, module, doc: entry.doc, declarations, interfaces });
}

function tooMany(loaded: Loaded<FileNode>, report: Report): boolean {
  let count = 0;
  for (const file of loaded.files) {
    count += file.declarations.length;
    if (count <= maxDeclarations) continue;
    const beyond = file.declarations[file.declarations.length - (count - maxDeclarations)];
    if (beyond !== undefined) report("RPC1014", beyond.name.span, { limit: maxDeclarations });
    return true;
  }
  return false;
}

/** `examples/camera.idl` → `camera`. */
function baseName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.idl$/i, "");
}
