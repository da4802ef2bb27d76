/** Types, fields, annotations and separators: the parts that declarations are made of. */
import type { CstNode, IToken } from "chevrotain";
import { quote } from "../source/quote.js";
import type { AnnotationNode, ArgumentNode, Described, FieldNode, LengthNode, TypeNode } from "./ast.js";
import { buildName, buildValue, present } from "./build-value.js";
import type { AnnotationCstNode, FieldCstNode, FieldsCstNode, SuffixCstNode, TypeCstNode } from "./cst.js";
import { endOf, type SyntaxContext } from "./syntax-context.js";

export function buildType(node: TypeCstNode | undefined, context: SyntaxContext): TypeNode | null {
  const name = buildName(node?.children.Name?.[0], context);
  if (node === undefined || name === null) return null;
  const start = name.span.start;
  let type: TypeNode = { kind: "name", name, span: name.span };
  if (node.children.Less !== undefined) {
    const argument = buildType(node.children.type?.[0], context);
    if (argument === null) return null;
    const end = present(node.children.Greater?.[0]);
    const span = context.span(start, end === null ? argument.span.end : endOf(end));
    type = { kind: "generic", name, argument, span };
  }
  for (const suffix of node.children.suffix ?? []) {
    const span = context.span(start, endOfNode(suffix) ?? type.span.end);
    if (suffix.children.Question !== undefined) {
      type = { kind: "optional", value: type, span };
      continue;
    }
    const length = buildLength(suffix, context);
    if (length === null) return null;
    type = { kind: "sized", item: type, length, span };
  }
  return type;
}

/** `[]`, `[N]`, `[<=N]`, `[u16 <= N]`; null where it could not be read. */
function buildLength(node: SuffixCstNode, context: SyntaxContext): LengthNode | null {
  if (node.recoveredNode === true || present(node.children.RSquare?.[0]) === null) return null;
  const [first, second] = node.children.value ?? [];
  if (node.children.AtMost === undefined) {
    if (first === undefined) return { kind: "tail" };
    const count = buildValue(first, context);
    return count === null ? null : { kind: "fixed", count };
  }
  const max = buildValue(second ?? first, context);
  if (max === null) return null;
  if (second === undefined) return { kind: "bounded", max, count: null };
  const count = buildValue(first, context);
  if (count === null) return null;
  if (count.kind === "name" && count.member === null) return { kind: "bounded", max, count: count.name };
  const found = quote(context.source.text.slice(count.span.start, count.span.end));
  context.report("RPC3009", count.span, { found });
  return null;
}

/** Fields in parentheses: parameters or several results. */
export function buildFields(
  node: FieldsCstNode | undefined,
  what: string,
  context: SyntaxContext,
): readonly FieldNode[] {
  const fields = node?.children.field ?? [];
  checkSeparators(fields, ",", what, context);
  return fields.flatMap((field) => buildField(field, context) ?? []);
}

export function buildField(node: FieldCstNode, context: SyntaxContext): FieldNode | null {
  const described = buildDescribed(node, node.children.Name?.[0], context);
  if (described === null) return null;
  return {
    ...described,
    type: buildType(node.children.type?.[0], context),
    defaultValue: buildValue(node.children.value?.[0], context),
  };
}

interface Annotated extends CstNode {
  readonly children: { annotation?: AnnotationCstNode[] } & CstNode["children"];
}

/** Name, doc comment and annotations of a declaration or a part of one; null without a name. */
export function buildDescribed(
  node: Annotated | FieldCstNode,
  nameToken: IToken | undefined,
  context: SyntaxContext,
): Described | null {
  const name = buildName(nameToken, context);
  if (name === null) return null;
  const begins = node.location?.startOffset;
  const start = begins === undefined || Number.isNaN(begins) ? name.span.start : begins;
  return {
    name,
    doc: context.takeDoc(start, name.span.start),
    annotations: (node.children.annotation ?? []).flatMap((each) => buildAnnotation(each, context) ?? []),
  };
}

export function buildAnnotation(node: AnnotationCstNode, context: SyntaxContext): AnnotationNode | null {
  const name = buildName(node.children.Name?.[0], context);
  if (name === null || node.recoveredNode === true) return null;
  const { argument: written = [], LParen, RParen } = node.children;
  if (LParen !== undefined && present(RParen?.[0]) === null) return null;
  checkSeparators(written, ",", "an argument", context);
  const built: ArgumentNode[] = [];
  for (const argument of written) {
    const value = buildValue(argument.children.value?.[0], context);
    if (value === null) return null;
    built.push({ name: buildName(argument.children.Name?.[0], context), value });
  }
  const span = context.span(name.span.start - 1, endOfNode(node) ?? name.span.end);
  return { name, arguments: built, span };
}

interface Separated {
  readonly children: { readonly Separator?: IToken[] };
  readonly recoveredNode?: boolean;
  readonly location?: CstNode["location"];
}

/** Each item ends with its separator; a comma may be left out behind the last. */
export function checkSeparators(
  nodes: readonly Separated[],
  expected: "," | ";",
  what: string,
  context: SyntaxContext,
): void {
  for (const [index, node] of nodes.entries()) {
    const optional = index === nodes.length - 1 && expected === "," && node.children.Separator === undefined;
    if (!optional) checkSeparator(node, expected, what, context);
  }
}

export function checkSeparator(
  node: Separated,
  expected: "," | ";",
  what: string,
  context: SyntaxContext,
): void {
  const separator = node.children.Separator?.[0];
  if (separator?.image === expected || node.recoveredNode === true) return;
  const end = endOfNode(node) ?? 0;
  const span = separator === undefined ? context.span(end, end) : context.tokenSpan(separator);
  const next = separator ?? context.tokenFrom(end);
  if (separator === undefined && next !== undefined && context.cascades.isMistake(next.startOffset)) return;
  const found = next === undefined ? "the end of the file" : quote(next.image);
  context.report("RPC1012", span, { expected: `\`${expected}\``, what, found });
}

/** Offset behind the last character of a node, if it has one that was really there. */
export function endOfNode(node: { readonly location?: CstNode["location"] }): number | null {
  const end = node.location?.endOffset;
  return end === undefined || Number.isNaN(end) ? null : end + 1;
}
