/** Literals and references: numbers, durations, strings with their escapes, names. */
import type { IToken } from "chevrotain";
import { quote } from "../source/quote.js";
import type { NameNode, ValueNode } from "./ast.js";
import type { ReferenceCstNode, ValueCstNode } from "./cst.js";
import type { SyntaxContext } from "./syntax-context.js";
import { UnclosedString } from "./tokens.js";

/** Longer ones fit no type; reading them would only cost time. */
const maxDigits = 400;

export function buildValue(node: ValueCstNode | undefined, context: SyntaxContext): ValueNode | null {
  if (node === undefined) return null;
  const { NumberLiteral, StringLiteral, reference } = node.children;
  const number = buildNumberValue(NumberLiteral?.[0], context);
  if (number !== null || NumberLiteral !== undefined) return number;
  const string = present(StringLiteral?.[0]);
  if (string !== null) {
    return { kind: "string", value: stringValue(string, context), span: context.tokenSpan(string) };
  }
  const parts = (reference ?? []).map((each) => buildReference(each, context));
  const read = parts.filter((part) => part !== null);
  const [first] = read;
  const last = read.at(-1);
  if (first === undefined || last === undefined || read.length < parts.length) return null;
  if (read.length === 1) return first;
  return { kind: "set", parts: read, span: context.span(first.span.start, last.span.end) };
}

/** A token that was really there; recovery invents some. */
export function present(token: IToken | undefined): IToken | null {
  return token === undefined || token.isInsertedInRecovery === true ? null : token;
}

export function buildName(token: IToken | undefined, context: SyntaxContext): NameNode | null {
  const found = present(token);
  return found === null ? null : { text: found.image, span: context.tokenSpan(found) };
}

function buildReference(node: ReferenceCstNode | undefined, context: SyntaxContext): ValueNode | null {
  const name = buildName(node?.children.Name?.[0], context);
  if (name === null) return null;
  if (node?.children.Dot !== undefined) {
    const member = buildName(node.children.Name?.[1], context);
    if (member === null) return null;
    return { kind: "name", name, member, span: context.span(name.span.start, member.span.end) };
  }
  const { text, span } = name;
  if (text === "true" || text === "false") return { kind: "bool", value: text === "true", span };
  if (text === "null") return { kind: "null", span };
  return { kind: "name", name, member: null, span };
}

export function buildNumberValue(token: IToken | undefined, context: SyntaxContext): ValueNode | null {
  const number = present(token);
  return number === null ? null : buildNumber(number, context);
}

function buildNumber(token: IToken, context: SyntaxContext): ValueNode | null {
  const span = context.tokenSpan(token);
  const text = token.image.toLowerCase();
  const duration = /^((?:0|[1-9]\d{0,9})(?:\.\d{1,3})?)(ms|s)$/.exec(text);
  if (duration !== null) {
    const ms = Number(duration[1]) * (duration[2] === "s" ? 1000 : 1);
    return { kind: "duration", ms, span };
  }
  if (text.length <= maxDigits) {
    const integer = /^([+-]?)(0x[0-9a-f]+|0b[01]+|0|[1-9]\d*)$/.exec(text);
    if (integer !== null) {
      const magnitude = BigInt(integer[2] ?? "0");
      return { kind: "integer", value: integer[1] === "-" ? -magnitude : magnitude, span };
    }
    if (/^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)) {
      return { kind: "float", value: Number(text), span };
    }
  }
  context.report("RPC1007", span, { found: quote(token.image) });
  return null;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["0", "\u0000"],
  ["\\", "\\"],
  ['"', '"'],
]);

export function stringValue(token: IToken, context: SyntaxContext): string {
  const closed = token.tokenType !== UnclosedString;
  const inner = token.image.slice(1, closed ? -1 : undefined);
  return inner.replace(/\\(?:u\{[^}"\\]{0,8}\}|.?)/gs, (written: string, at: number) => {
    const plain = escapes.get(written.slice(1)) ?? characterOf(written);
    if (plain !== null) return plain;
    const start = token.startOffset + 1 + at;
    context.report("RPC1010", context.span(start, start + written.length), { found: quote(written) });
    return "";
  });
}

/** `\u{1F4F7}`; a surrogate is no character. */
function characterOf(written: string): string | null {
  const digits = /^\\u\{([0-9a-fA-F]{1,6})\}$/.exec(written)?.[1];
  if (digits === undefined) return null;
  const number = Number.parseInt(digits, 16);
  const surrogate = number >= 0xd800 && number <= 0xdfff;
  return number > 0x10ffff || surrogate ? null : String.fromCodePoint(number);
}
