/** Declarations, from the concrete tree. */
import type { DeclarationNode, Described, MemberNode, VariantNode } from "./ast.js";
import { buildFunction, buildThrows } from "./build-function.js";
import { buildDescribed, buildField, buildType, checkSeparators } from "./build-parts.js";
import { buildNumberValue, buildValue } from "./build-value.js";
import type {
  EnumerationCstNode,
  ErrorCstNode,
  FlagsCstNode,
  InterfaceCstNode,
  MembersCstNode,
  StatementCstNode,
  StructCstNode,
  UnionCstNode,
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
  if (constant?.[0] !== undefined) {
    const { type, value } = constant[0].children;
    const parts = { type: buildType(type?.[0], context), value: buildValue(value?.[0], context) };
    return { ...described, kind: "constant", ...parts };
  }
  if (enumeration?.[0] !== undefined) {
    const open = statement.children.Open !== undefined;
    return { ...described, kind: "enum", open, ...buildMembers(enumeration[0], context) };
  }
  if (flags?.[0] !== undefined) {
    return { ...described, kind: "flags", ...buildMembers(flags[0], context) };
  }
  if (alias?.[0] !== undefined) {
    return { ...described, kind: "alias", target: buildType(alias[0].children.type?.[0], context) };
  }
  if (struct?.[0] !== undefined) return { ...described, kind: "struct", ...buildBody(struct[0], context) };
  if (union?.[0] !== undefined) return buildUnion(described, union[0], context);
  if (error?.[0] !== undefined) {
    const number = buildValue(error[0].children.value?.[0], context);
    return { ...described, kind: "error", number, ...buildBody(error[0], context) };
  }
  return faces?.[0] === undefined ? null : buildInterface(described, faces[0], context);
}

/** The base type and the members of an enum or of flags. */
function buildMembers(owner: EnumerationCstNode | FlagsCstNode, context: SyntaxContext) {
  const node = owner.children.members?.[0];
  const base = buildType(node?.children.type?.[0], context);
  const damaged = owner.recoveredNode === true || node === undefined || node.recoveredNode === true;
  return { base, members: memberNodes(node, context), damaged };
}

function memberNodes(node: MembersCstNode | undefined, context: SyntaxContext): readonly MemberNode[] {
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

/** The fields of a struct or an error. */
function buildBody(node: StructCstNode | ErrorCstNode, context: SyntaxContext) {
  const written = node.children.field ?? [];
  checkSeparators(written, ";", "the field", context);
  const fields = written.flatMap((field) => buildField(field, context) ?? []);
  return { fields, damaged: node.recoveredNode === true || fields.length < written.length };
}

function buildUnion(described: Described, node: UnionCstNode, context: SyntaxContext): DeclarationNode {
  const written = node.children.variant ?? [];
  checkSeparators(written, ";", "the variant", context);
  const variants = written.flatMap((variant): readonly VariantNode[] => {
    const { NumberLiteral, Colon, Name, type } = variant.children;
    const about = buildDescribed(variant, Name?.[0], context);
    if (about === null) return [];
    const tag = buildNumberValue(NumberLiteral?.[0], context);
    const bare = (Colon?.length ?? 0) < 2 && variant.recoveredNode !== true;
    return [{ ...about, tag, type: buildType(type?.[0], context), bare }];
  });
  const base = buildType(node.children.type?.[0], context);
  const damaged = node.recoveredNode === true || variants.length < written.length;
  return { ...described, kind: "union", base, variants, damaged };
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
