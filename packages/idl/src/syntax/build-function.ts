/** Functions of an interface, from the concrete tree: parameters, result, `with` part, `throws`. */
import type { FunctionNode, ResultNode, ThrowsNode, WithNode } from "./ast.js";
import { buildDescribed, buildFields, buildType } from "./build-parts.js";
import { buildName, present } from "./build-value.js";
import type { FunctionCstNode, ResultCstNode, ThrowsCstNode } from "./cst.js";
import type { SyntaxContext } from "./syntax-context.js";

export function buildFunction(node: FunctionCstNode, context: SyntaxContext): FunctionNode | null {
  const described = buildDescribed(node, node.children.Name?.[0], context);
  if (described === null) return null;
  return {
    ...described,
    parameters: buildFields(node.children.fields?.[0], "the parameter", context),
    result: buildResult(node, node.children.result?.[0], context),
    with: buildWith(node, context),
    throws: buildThrows(node.children.throws?.[0], context),
  };
}

function buildResult(
  owner: FunctionCstNode,
  node: ResultCstNode | undefined,
  context: SyntaxContext,
): ResultNode {
  if (node === undefined) {
    const nothing = owner.children.Colon === undefined && owner.recoveredNode !== true;
    return { kind: nothing ? "nothing" : "unknown" };
  }
  const several = node.children.fields?.[0];
  if (several !== undefined) {
    const fields = buildFields(several, "the result", context);
    const open = several.children.LParen?.[0];
    if (open === undefined || several.recoveredNode === true) return { kind: "unknown" };
    return {
      kind: "several",
      fields,
      optional: node.children.Question !== undefined,
      span: context.tokenSpan(open),
    };
  }
  const type = buildType(node.children.type?.[0], context);
  return type === null ? { kind: "unknown" } : { kind: "single", type };
}

function buildWith(node: FunctionCstNode, context: SyntaxContext): WithNode | null {
  const word = present(node.children.With?.[0]);
  if (word === null) return null;
  const throwsAt = node.children.throws?.[0]?.children.Throws?.[0]?.startOffset ?? Number.NaN;
  if (word.startOffset > throwsAt) {
    const values = { expected: "`with (…)` before `throws`", found: "`with`" };
    context.report("RPC1011", context.tokenSpan(word), values);
  }
  const written = node.children.fields?.[1];
  const fields = buildFields(written, "the result", context);
  const damaged = written === undefined || written.recoveredNode === true;
  return { fields, span: context.tokenSpan(word), damaged };
}

export function buildThrows(node: ThrowsCstNode | undefined, context: SyntaxContext): ThrowsNode | null {
  if (node === undefined) return null;
  return { names: (node.children.Name ?? []).flatMap((token) => buildName(token, context) ?? []) };
}
