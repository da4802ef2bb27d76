/**
 * The syntax tree that the checker reads. What the parser could not read is null (and was reported), so
 * that later phases neither stumble over it nor report it again.
 */
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";

export interface NameNode {
  readonly text: string;
  readonly span: Span;
}

export interface AnnotationNode {
  readonly name: NameNode;
  readonly arguments: readonly ArgumentNode[];
  readonly span: Span;
}

export interface ArgumentNode {
  readonly name: NameNode | null;
  readonly value: ValueNode;
}

/** What may stand before anything that has a name. */
export interface Described {
  readonly name: NameNode;
  /** Lines of `///`, joined by `\n`. */
  readonly doc: string;
  readonly annotations: readonly AnnotationNode[];
}

export type ValueNode =
  | { readonly kind: "integer"; readonly value: bigint; readonly span: Span }
  | { readonly kind: "float"; readonly value: number; readonly span: Span }
  | { readonly kind: "duration"; readonly ms: number; readonly span: Span }
  | { readonly kind: "string"; readonly value: string; readonly span: Span }
  | { readonly kind: "bool"; readonly value: boolean; readonly span: Span }
  | { readonly kind: "null"; readonly span: Span }
  /** A constant, or with `member` a member of an enum or flags. */
  | { readonly kind: "name"; readonly name: NameNode; readonly member: NameNode | null; readonly span: Span }
  /** `RED | GREEN` */
  | { readonly kind: "set"; readonly parts: readonly ValueNode[]; readonly span: Span };

export type TypeNode =
  | { readonly kind: "name"; readonly name: NameNode; readonly span: Span }
  /** `stream<T>`, `bulk<T>`, and whatever else is written so. */
  | { readonly kind: "generic"; readonly name: NameNode; readonly argument: TypeNode; readonly span: Span }
  | { readonly kind: "optional"; readonly value: TypeNode; readonly span: Span }
  | { readonly kind: "sized"; readonly item: TypeNode; readonly length: LengthNode; readonly span: Span };

export type LengthNode =
  | { readonly kind: "tail" }
  | { readonly kind: "fixed"; readonly count: ValueNode }
  | { readonly kind: "bounded"; readonly max: ValueNode; readonly count: NameNode | null };

/** A field of a struct, a parameter, or one of several results. */
export interface FieldNode extends Described {
  readonly type: TypeNode | null;
  readonly defaultValue: ValueNode | null;
}

export interface ConstantNode extends Described {
  readonly kind: "constant";
  readonly type: TypeNode | null;
  readonly value: ValueNode | null;
}

export interface MemberNode extends Described {
  readonly value: ValueNode | null;
  /** The number is simply not there, rather than there and unreadable. */
  readonly valueMissing: boolean;
}

interface MembersNode extends Described {
  readonly base: TypeNode | null;
  readonly members: readonly MemberNode[];
  /** Something in it was lost to a mistake of syntax: no members is then no second mistake. */
  readonly damaged: boolean;
}

export interface EnumNode extends MembersNode {
  readonly kind: "enum";
  /** `open enum` */
  readonly open: boolean;
}

export interface FlagsNode extends MembersNode {
  readonly kind: "flags";
}

export interface AliasNode extends Described {
  readonly kind: "alias";
  readonly target: TypeNode | null;
}

export interface StructNode extends Described {
  readonly kind: "struct";
  readonly fields: readonly FieldNode[];
  /** As of an enum. */
  readonly damaged: boolean;
}

export interface VariantNode extends Described {
  readonly tag: ValueNode | null;
  readonly type: TypeNode | null;
  /** No payload is written, rather than one that is unreadable. */
  readonly bare: boolean;
}

export interface UnionNode extends Described {
  readonly kind: "union";
  readonly base: TypeNode | null;
  readonly variants: readonly VariantNode[];
  /** As of an enum. */
  readonly damaged: boolean;
}

export interface ErrorNode extends Described {
  readonly kind: "error";
  readonly number: ValueNode | null;
  readonly fields: readonly FieldNode[];
  /** As of an enum. */
  readonly damaged: boolean;
}

export type ResultNode =
  | { readonly kind: "nothing" }
  | { readonly kind: "single"; readonly type: TypeNode }
  | {
      readonly kind: "several";
      readonly fields: readonly FieldNode[];
      readonly optional: boolean;
      readonly span: Span;
    }
  /** Unreadable. */
  | { readonly kind: "unknown" };

/** `with (…)` behind a stream, accept or bulk. */
export interface WithNode {
  readonly fields: readonly FieldNode[];
  /** The word. */
  readonly span: Span;
  /** As of an enum. */
  readonly damaged: boolean;
}

/** `throws`, alone or with the names behind it; `none` is one of them here. */
export interface ThrowsNode {
  readonly names: readonly NameNode[];
}

export interface FunctionNode extends Described {
  readonly parameters: readonly FieldNode[];
  readonly result: ResultNode;
  readonly with: WithNode | null;
  readonly throws: ThrowsNode | null;
}

export interface InterfaceNode extends Described {
  readonly kind: "interface";
  readonly functions: readonly FunctionNode[];
  readonly throws: ThrowsNode | null;
}

export type DeclarationNode =
  | ConstantNode
  | EnumNode
  | FlagsNode
  | AliasNode
  | StructNode
  | UnionNode
  | ErrorNode
  | InterfaceNode;

export interface ImportNode {
  readonly path: string;
  readonly span: Span;
}

export interface FileNode {
  readonly source: SourceFile;
  readonly module: NameNode | null;
  readonly doc: string;
  readonly imports: readonly ImportNode[];
  readonly declarations: readonly DeclarationNode[];
}
