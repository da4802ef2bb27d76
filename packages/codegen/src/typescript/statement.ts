/**
 * What the generated modules are made of, as values, and how each is printed. The whole of TypeScript's
 * compiler can print declarations too, but takes longer to load than all the rest of the generator.
 */
import { docComment } from "./doc-text.js";
import { block } from "./lines.js";

export interface Parameter {
  readonly name: string;
  readonly type: string;
  /** It may be left out. */
  readonly isOptional?: boolean;
}

export interface FunctionStatement {
  readonly kind: "function";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returnType: string;
  readonly body: readonly string[];
  readonly isExported: boolean;
  readonly doc: readonly string[];
}

/** Always exported. */
export interface InterfaceStatement {
  readonly kind: "interface";
  readonly name: string;
  readonly extends: string | null;
  readonly members: readonly (Property | Method)[];
  readonly doc: readonly string[];
}

/** Always readonly. */
export interface Property {
  readonly kind: "property";
  readonly name: string;
  readonly type: string;
  readonly doc: readonly string[];
}

export interface Method {
  readonly kind: "method";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returnType: string;
  readonly doc: readonly string[];
}

/** Always exported. */
export interface TypeAliasStatement {
  readonly kind: "type";
  readonly name: string;
  readonly type: string;
  readonly doc: readonly string[];
}

/** A text stands as it is. */
export type Statement = FunctionStatement | InterfaceStatement | TypeAliasStatement | string;

/** The statement with its comment; no line ends the last line. */
export function statementText(statement: Statement): string {
  if (typeof statement === "string") return statement;
  return [...docComment(statement.doc), ...statementLines(statement)].join("\n");
}

function statementLines(statement: Exclude<Statement, string>): string[] {
  switch (statement.kind) {
    case "function": {
      const head = `${statement.isExported ? "export " : ""}function ${signature(statement)}`;
      return block(head, statement.body);
    }
    case "interface": {
      const base = statement.extends === null ? "" : ` extends ${statement.extends}`;
      return block(`export interface ${statement.name}${base}`, statement.members.flatMap(memberLines));
    }
    case "type":
      return [`export type ${statement.name} = ${statement.type};`];
  }
}

function memberLines(member: Property | Method): string[] {
  const text =
    member.kind === "property" ? `readonly ${member.name}: ${member.type};` : `${signature(member)};`;
  return [...docComment(member.doc), text];
}

function signature({ name, parameters, returnType }: FunctionStatement | Method): string {
  const list = parameters.map((one) => `${one.name}${one.isOptional === true ? "?" : ""}: ${one.type}`);
  return `${name}(${list.join(", ")}): ${returnType}`;
}
