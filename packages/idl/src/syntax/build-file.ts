/** Concrete tree to syntax tree: the statements of a file. What recovery left open becomes null or is left out. */
import { quote } from "../source/quote.js";
import type { DeclarationNode, FileNode, ImportNode, NameNode } from "./ast.js";
import { buildDeclaration } from "./build-declaration.js";
import { checkSeparator } from "./build-parts.js";
import { buildName, present, stringValue } from "./build-value.js";
import type { FileCstNode, StatementCstNode } from "./cst.js";
import { aDeclaration } from "./expectations.js";
import { endOf, type SyntaxContext } from "./syntax-context.js";

export function buildFile(node: FileCstNode, context: SyntaxContext): FileNode {
  let module: NameNode | null = null;
  let doc = "";
  const imports: ImportNode[] = [];
  const declarations: DeclarationNode[] = [];
  for (const statement of node.children.statement ?? []) {
    checkOpen(statement, context);
    checkStatementEnd(statement, context);
    const { moduleStatement, importStatement } = statement.children;
    const stated = buildName(moduleStatement?.[0]?.children.Name?.[0], context);
    if (stated !== null) {
      const text = context.takeDoc(statement.location?.startOffset ?? stated.span.start, stated.span.start);
      if (module === null) doc = text;
      else context.report("RPC1016", stated.span, { first: `\`${module.text}\`` });
      module ??= stated;
    }
    // Without a module line, what stands before the first import describes the file.
    const importWord = present(importStatement?.[0]?.children.Import?.[0]);
    if (importWord !== null && module === null && imports.length === 0 && doc === "") {
      doc = context.takeDoc(importWord.startOffset, importWord.startOffset);
    }
    const path = present(importStatement?.[0]?.children.StringLiteral?.[0]);
    if (path !== null) imports.push({ path: stringValue(path, context), span: context.tokenSpan(path) });
    if (moduleStatement !== undefined || importStatement !== undefined) refuseAnnotations(statement, context);
    const declaration = buildDeclaration(statement, context);
    if (declaration !== null) declarations.push(declaration);
  }
  for (const unused of context.unusedDocs()) context.report("RPC9002", context.tokenSpan(unused), {});
  return { source: context.source, module, doc, imports, declarations };
}

function refuseAnnotations(statement: StatementCstNode, context: SyntaxContext): void {
  const place = statement.children.moduleStatement === undefined ? "an import" : "a module";
  for (const annotation of statement.children.annotation ?? []) {
    const name = buildName(annotation.children.Name?.[0], context);
    if (name === null) continue;
    context.report("RPC4008", name.span, { name: `\`@${name.text}\``, place, allowed: "a declaration" });
  }
}

/** Only an enum can be open. Where nothing could be read behind the word, that is told already. */
function checkOpen(statement: StatementCstNode, context: SyntaxContext): void {
  const open = present(statement.children.Open?.[0]);
  const { enumeration, Separator } = statement.children;
  if (open === null || enumeration !== undefined || Separator !== undefined) return;
  const found = context.tokenFrom(endOf(open));
  if (found === undefined || context.cascades.isMistake(found.startOffset)) return;
  const values = { expected: "`enum` after `open`", found: quote(found.image) };
  context.report("RPC1011", context.tokenSpan(found), values);
}

function checkStatementEnd(statement: StatementCstNode, context: SyntaxContext): void {
  const { moduleStatement, importStatement, constant, alias, Separator } = statement.children;
  const stray = present(Separator?.[0]);
  if (stray !== null && !context.cascades.isCascade(stray.startOffset)) {
    context.report("RPC1011", context.tokenSpan(stray), {
      expected: aDeclaration,
      found: `\`${stray.image}\``,
    });
  }
  for (const node of moduleStatement ?? []) checkSeparator(node, ";", "the name of the module", context);
  for (const node of importStatement ?? []) checkSeparator(node, ";", "the import", context);
  for (const node of constant ?? []) checkSeparator(node, ";", "the constant", context);
  for (const node of alias ?? []) checkSeparator(node, ";", "the type", context);
}
