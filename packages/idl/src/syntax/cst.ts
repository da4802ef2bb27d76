/**
 * Types of the concrete syntax tree, written from the grammar by its test (`UPDATE_SCENARIOS=1`): do not edit.
 * Every child may be missing: a tree with mistakes in it has holes.
 */
import type { CstNode, IToken } from "chevrotain";

export interface FileCstNode extends CstNode {
  name: "file";
  children: FileCstChildren;
}

export type FileCstChildren = {
  statement?: StatementCstNode[];
  EOF?: IToken[];
};

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  annotation?: AnnotationCstNode[];
  Open?: IToken[];
  moduleStatement?: ModuleStatementCstNode[];
  importStatement?: ImportStatementCstNode[];
  constant?: ConstantCstNode[];
  enumeration?: EnumerationCstNode[];
  flags?: FlagsCstNode[];
  alias?: AliasCstNode[];
  struct?: StructCstNode[];
  union?: UnionCstNode[];
  error?: ErrorCstNode[];
  interface?: InterfaceCstNode[];
  Separator?: IToken[];
};

export interface ModuleStatementCstNode extends CstNode {
  name: "moduleStatement";
  children: ModuleStatementCstChildren;
}

export type ModuleStatementCstChildren = {
  Module?: IToken[];
  Name?: IToken[];
  Separator?: IToken[];
};

export interface ImportStatementCstNode extends CstNode {
  name: "importStatement";
  children: ImportStatementCstChildren;
}

export type ImportStatementCstChildren = {
  Import?: IToken[];
  StringLiteral?: IToken[];
  Separator?: IToken[];
};

export interface ConstantCstNode extends CstNode {
  name: "constant";
  children: ConstantCstChildren;
}

export type ConstantCstChildren = {
  Const?: IToken[];
  Name?: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equals?: IToken[];
  value?: ValueCstNode[];
  Separator?: IToken[];
};

export interface EnumerationCstNode extends CstNode {
  name: "enumeration";
  children: EnumerationCstChildren;
}

export type EnumerationCstChildren = {
  Enum?: IToken[];
  Name?: IToken[];
  members?: MembersCstNode[];
};

export interface FlagsCstNode extends CstNode {
  name: "flags";
  children: FlagsCstChildren;
}

export type FlagsCstChildren = {
  Flags?: IToken[];
  Name?: IToken[];
  members?: MembersCstNode[];
};

export interface MembersCstNode extends CstNode {
  name: "members";
  children: MembersCstChildren;
}

export type MembersCstChildren = {
  Colon?: IToken[];
  type?: TypeCstNode[];
  LCurly?: IToken[];
  member?: MemberCstNode[];
  RCurly?: IToken[];
};

export interface MemberCstNode extends CstNode {
  name: "member";
  children: MemberCstChildren;
}

export type MemberCstChildren = {
  annotation?: AnnotationCstNode[];
  Name?: IToken[];
  Equals?: IToken[];
  value?: ValueCstNode[];
  Separator?: IToken[];
};

export interface AliasCstNode extends CstNode {
  name: "alias";
  children: AliasCstChildren;
}

export type AliasCstChildren = {
  Type?: IToken[];
  Name?: IToken[];
  Equals?: IToken[];
  type?: TypeCstNode[];
  Separator?: IToken[];
};

export interface StructCstNode extends CstNode {
  name: "struct";
  children: StructCstChildren;
}

export type StructCstChildren = {
  Struct?: IToken[];
  Name?: IToken[];
  LCurly?: IToken[];
  field?: FieldCstNode[];
  RCurly?: IToken[];
};

export interface UnionCstNode extends CstNode {
  name: "union";
  children: UnionCstChildren;
}

export type UnionCstChildren = {
  Union?: IToken[];
  Name?: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  LCurly?: IToken[];
  variant?: VariantCstNode[];
  RCurly?: IToken[];
};

export interface VariantCstNode extends CstNode {
  name: "variant";
  children: VariantCstChildren;
}

export type VariantCstChildren = {
  annotation?: AnnotationCstNode[];
  NumberLiteral?: IToken[];
  Colon?: IToken[];
  Name?: IToken[];
  type?: TypeCstNode[];
  Separator?: IToken[];
};

export interface ErrorCstNode extends CstNode {
  name: "error";
  children: ErrorCstChildren;
}

export type ErrorCstChildren = {
  ErrorWord?: IToken[];
  Name?: IToken[];
  Equals?: IToken[];
  value?: ValueCstNode[];
  LCurly?: IToken[];
  field?: FieldCstNode[];
  RCurly?: IToken[];
};

export interface InterfaceCstNode extends CstNode {
  name: "interface";
  children: InterfaceCstChildren;
}

export type InterfaceCstChildren = {
  Interface?: IToken[];
  Name?: IToken[];
  throws?: ThrowsCstNode[];
  LCurly?: IToken[];
  function?: FunctionCstNode[];
  RParen?: IToken[];
  Separator?: IToken[];
  RCurly?: IToken[];
};

export interface FunctionCstNode extends CstNode {
  name: "function";
  children: FunctionCstChildren;
}

export type FunctionCstChildren = {
  annotation?: AnnotationCstNode[];
  Name?: IToken[];
  fields?: FieldsCstNode[];
  Colon?: IToken[];
  result?: ResultCstNode[];
  With?: IToken[];
  throws?: ThrowsCstNode[];
  Separator?: IToken[];
};

export interface ResultCstNode extends CstNode {
  name: "result";
  children: ResultCstChildren;
}

export type ResultCstChildren = {
  fields?: FieldsCstNode[];
  Question?: IToken[];
  type?: TypeCstNode[];
};

export interface ThrowsCstNode extends CstNode {
  name: "throws";
  children: ThrowsCstChildren;
}

export type ThrowsCstChildren = {
  Throws?: IToken[];
  Name?: IToken[];
  Comma?: IToken[];
};

export interface FieldsCstNode extends CstNode {
  name: "fields";
  children: FieldsCstChildren;
}

export type FieldsCstChildren = {
  LParen?: IToken[];
  field?: FieldCstNode[];
  RParen?: IToken[];
};

export interface FieldCstNode extends CstNode {
  name: "field";
  children: FieldCstChildren;
}

export type FieldCstChildren = {
  annotation?: AnnotationCstNode[];
  Name?: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Equals?: IToken[];
  value?: ValueCstNode[];
  Separator?: IToken[];
};

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  Name?: IToken[];
  Less?: IToken[];
  type?: TypeCstNode[];
  Greater?: IToken[];
  suffix?: SuffixCstNode[];
};

export interface SuffixCstNode extends CstNode {
  name: "suffix";
  children: SuffixCstChildren;
}

export type SuffixCstChildren = {
  Question?: IToken[];
  LSquare?: IToken[];
  value?: ValueCstNode[];
  AtMost?: IToken[];
  RSquare?: IToken[];
};

export interface ValueCstNode extends CstNode {
  name: "value";
  children: ValueCstChildren;
}

export type ValueCstChildren = {
  NumberLiteral?: IToken[];
  StringLiteral?: IToken[];
  reference?: ReferenceCstNode[];
  Bar?: IToken[];
};

export interface ReferenceCstNode extends CstNode {
  name: "reference";
  children: ReferenceCstChildren;
}

export type ReferenceCstChildren = {
  Name?: IToken[];
  Dot?: IToken[];
};

export interface AnnotationCstNode extends CstNode {
  name: "annotation";
  children: AnnotationCstChildren;
}

export type AnnotationCstChildren = {
  At?: IToken[];
  Name?: IToken[];
  LParen?: IToken[];
  argument?: ArgumentCstNode[];
  RParen?: IToken[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  Name?: IToken[];
  Equals?: IToken[];
  value?: ValueCstNode[];
  Separator?: IToken[];
};
