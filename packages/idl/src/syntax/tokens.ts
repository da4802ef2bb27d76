/**
 * The words and signs of the language. Keywords are names too (category `Name`): the grammar asks for
 * a keyword only where a declaration begins, so a field may be called `type` or `error`.
 */
import { createToken, Lexer, type TokenType } from "chevrotain";

export const Name = createToken({ name: "Name", pattern: Lexer.NA, label: "a name" });

/** Separates or ends: which of the two belongs where is checked after parsing, for better messages. */
export const Separator = createToken({ name: "Separator", pattern: Lexer.NA, label: "`;` or `,`" });

/** Reported as a mistake, but parsed as the name that was meant. */
export const ForeignName = createToken({
  name: "ForeignName",
  pattern: /[A-Za-z_]?[A-Za-z0-9_]*[\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/,
  categories: [Name],
});

export const Identifier = createToken({
  name: "Identifier",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  label: "a name",
  categories: [Name],
});

function keyword(name: string, word: string): TokenType {
  return createToken({
    name,
    pattern: word,
    label: `\`${word}\``,
    longer_alt: Identifier,
    categories: [Name],
  });
}

export const Module = keyword("Module", "module");
export const Import = keyword("Import", "import");
export const Const = keyword("Const", "const");
export const Open = keyword("Open", "open");
export const Enum = keyword("Enum", "enum");
export const Flags = keyword("Flags", "flags");
export const Type = keyword("Type", "type");
export const Struct = keyword("Struct", "struct");
export const Union = keyword("Union", "union");
export const ErrorWord = keyword("ErrorWord", "error");
export const Interface = keyword("Interface", "interface");
export const Throws = keyword("Throws", "throws");
export const With = keyword("With", "with");

/** Anything that starts like a number; its form is judged when its value is read. */
export const NumberLiteral = createToken({
  name: "NumberLiteral",
  pattern: /[+-]?[0-9](?:[0-9A-Za-z_]|\.(?=[0-9])|(?<=[0-9][eE])[+-](?=[0-9]))*/,
  start_chars_hint: [..."+-0123456789"],
  line_breaks: false,
  label: "a number",
});

export const StringLiteral = createToken({
  name: "StringLiteral",
  pattern: /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/,
  line_breaks: false,
  start_chars_hint: ['"'],
  label: "a string",
});
/** Reaches to the end of its line; reported as a mistake and parsed as a string. */
export const UnclosedString = createToken({
  name: "UnclosedString",
  pattern: /"[^\r\n]*/,
  line_breaks: false,
  start_chars_hint: ['"'],
  categories: [StringLiteral],
});

function sign(name: string, text: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern: text, label: `\`${text}\``, categories });
}

export const LCurly = sign("LCurly", "{");
export const RCurly = sign("RCurly", "}");
export const LParen = sign("LParen", "(");
export const RParen = sign("RParen", ")");
export const LSquare = sign("LSquare", "[");
export const RSquare = sign("RSquare", "]");
export const AtMost = sign("AtMost", "<=");
export const Less = sign("Less", "<");
export const Greater = sign("Greater", ">");
export const Equals = sign("Equals", "=");
export const Colon = sign("Colon", ":");
export const Semicolon = sign("Semicolon", ";", [Separator]);
export const Comma = sign("Comma", ",", [Separator]);
export const Dot = sign("Dot", ".");
export const Question = sign("Question", "?");
export const At = sign("At", "@");
export const Bar = sign("Bar", "|");

const Blank = createToken({ name: "Blank", pattern: /[ \t\r\n]+/, group: Lexer.SKIPPED, line_breaks: true });
export const DocComment = createToken({ name: "DocComment", pattern: /\/\/\/[^\r\n]*/, group: "docs" });
const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\r\n]*/, group: Lexer.SKIPPED });
const BlockComment = createToken({
  name: "BlockComment",
  pattern: /\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
  start_chars_hint: ["/"],
});
export const UnclosedComment = createToken({
  name: "UnclosedComment",
  pattern: /\/\*[\s\S]*/,
  group: "unclosed",
  line_breaks: true,
  start_chars_hint: ["/"],
});

const keywords = [
  Module,
  Import,
  Const,
  Open,
  Enum,
  Flags,
  Type,
  Struct,
  Union,
  ErrorWord,
  Interface,
  Throws,
  With,
];

/** In the order in which the lexer tries them. */
export const tokenTypes: TokenType[] = [
  Blank,
  DocComment,
  LineComment,
  BlockComment,
  UnclosedComment,
  ForeignName,
  ...keywords,
  Identifier,
  NumberLiteral,
  StringLiteral,
  UnclosedString,
  LCurly,
  RCurly,
  LParen,
  RParen,
  LSquare,
  RSquare,
  AtMost,
  Less,
  Greater,
  Equals,
  Colon,
  Semicolon,
  Comma,
  Dot,
  Question,
  At,
  Bar,
  Name,
  Separator,
];

/** @param validate Looks for mistakes in the tokens themselves, as with the grammar. */
export function createLexer({ validate }: { readonly validate: boolean }): Lexer {
  return new Lexer(tokenTypes, { positionTracking: "full", skipValidations: !validate });
}
