/** Declarations and functions, from the concrete tree. What this version lacks is told here, by its name. */
import type { DeclarationNode, Described, FunctionNode, MemberNode, ResultNode } from "./ast.js";
import { buildDescribed, buildField, buildFields, buildType, checkSeparators } from "./build-parts.js";
import { buildName, buildValue } from "./build-value.js";
import type {
  FunctionCstNode,
  InterfaceCstNode,
  MembersCstNode,
  ResultCstNode,
  StatementCstNode,
  StructCstNode,
  ThrowsCstNode,
} from "./cst.js";
import type { SyntaxContext } from "./syntax-context.js";

export function buildDeclaration(
  statement: StatementCstNode,
  context: SyntaxContext,
): DeclarationNode | null {
  const { constant, enumeration, alias, struct, flags, union, error, interface: faces } = statement.children;
  const nameToken = [constant, enumeration, alias, struct, flags, union, error, faces]
    .map((nodes) => nodes?.[0]?.children.Name?.[0])
    .find((token) => token !== undefined);
  const described = buildDescribed(statement, nameToken, context);
  if (described === null) return null;
  const later = laterFeature(statement);
  if (later !== null) {
    context.takeDoc(described.name.span.end, (statement.location?.endOffset ?? 0) + 1);
    context.report("RPC1017", described.name.span, { feature: later });
    return { ...described, kind: "later" };
  }
  if (constant?.[0] !== undefined) {
    const { type, value } = constant[0].children;
    const parts = { type: buildType(type?.[0], context), value: buildValue(value?.[0], context) };
    return { ...described, kind: "constant", ...parts };
  }
  if (enumeration?.[0] !== undefined) {
    const node = enumeration[0].children.members?.[0];
    const base = buildType(node?.children.type?.[0], context);
    const damaged =
      enumeration[0].recoveredNode === true || node === undefined || node.recoveredNode === true;
    return { ...described, kind: "enum", base, members: buildMembers(node, context), damaged };
  }
  if (alias?.[0] !== undefined) {
    return { ...described, kind: "alias", target: buildType(alias[0].children.type?.[0], context) };
  }
  if (struct?.[0] !== undefined) return buildStruct(described, struct[0], context);
  return faces?.[0] === undefined ? null : buildInterface(described, faces[0], context);
}

function laterFeature(statement: StatementCstNode): string | null {
  const { flags, union, error, enumeration } = statement.children;
  if (flags !== undefined) return "`flags`";
  if (union !== undefined) return "`union`";
  if (error !== undefined) return "`error`";
  return enumeration?.[0]?.children.Open === undefined ? null : "`open enum`";
}

function buildMembers(node: MembersCstNode | undefined, context: SyntaxContext): readonly MemberNode[] {
  const members = node?.children.member ?? [];
  checkSeparators(members, ",", "the member", context);
  return members.flatMap((member) => {
    const described = buildDescribed(member, member.children.Name?.[0], context);
    if (described === null) return [];
    const value = buildValue(member.children.value?.[0], context);
    const valueMissing = member.children.Equals === undefined && member.recoveredNode !== true;
    return [{ ...described, value, valueMissing }];
  });
}

function buildStruct(described: Described, node: StructCstNode, context: SyntaxContext): DeclarationNode {
  const written = node.children.field ?? [];
  checkSeparators(written, ";", "the field", context);
  const fields = written.flatMap((field) => buildField(field, context) ?? []);
  const damaged = node.recoveredNode === true || fields.length < written.length;
  return { ...described, kind: "struct", fields, damaged };
}

function buildInterface(
  described: Described,
  node: InterfaceCstNode,
  context: SyntaxContext,
): DeclarationNode {
  const functions = node.children.function ?? [];
  checkSeparators(functions, ";", "the function", context);
  return {
    ...described,
    kind: "interface",
    throws: buildThrows(node.children.throws?.[0], context),
    functions: functions.flatMap((each) => buildFunction(each, context) ?? []),
  };
}

function buildFunction(node: FunctionCstNode, context: SyntaxContext): FunctionNode | null {
  const described = buildDescribed(node, node.children.Name?.[0], context);
  if (described === null) return null;
  const [parameters, withFields] = node.children.fields ?? [];
  const word = node.children.With?.[0];
  if (word !== undefined) {
    buildFields(withFields, "the result", context);
    context.report("RPC1017", context.tokenSpan(word), { feature: "`with (…)`" });
  }
  return {
    ...described,
    parameters: buildFields(parameters, "the parameter", context),
    result: buildResult(node, node.children.result?.[0], context),
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

/** `throws` alone; a list of errors, or `none`, belongs to a later version. */
function buildThrows(node: ThrowsCstNode | undefined, context: SyntaxContext): boolean {
  for (const token of node?.children.Name ?? []) {
    const name = buildName(token, context);
    if (name !== null) context.report("RPC1017", name.span, { feature: `\`throws ${name.text}\`` });
  }
  return node !== undefined;
}
