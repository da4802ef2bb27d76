/**
 * The grammar of the language. It is lenient about separators; building the tree is strict. One class,
 * and so one long file: the parser learns its rules from its own fields.
 */
import { type CstNode, CstParser, EOF, type ParserMethod } from "chevrotain";
import { expectations } from "./expectations.js";
import * as t from "./tokens.js";

type Rule = ParserMethod<[], CstNode>;

export class Grammar extends CstParser {
  /** Behind so many mistakes nothing more is read. */
  maxMistakes = Number.POSITIVE_INFINITY;

  readonly file: Rule = this.RULE("file", () => {
    this.MANY(this.each(() => this.SUBRULE(this.statement)));
    // Without an end to look for, the repetition above would not recover.
    this.CONSUME(EOF);
  });

  private readonly statement: Rule = this.RULE("statement", () => {
    this.MANY(this.each(() => this.SUBRULE(this.annotation)));
    // Only an enum can be open; that is said more clearly of a whole declaration.
    this.OPTION(() => this.CONSUME(t.Open));
    this.OR([
      { ALT: () => this.SUBRULE(this.moduleStatement) },
      { ALT: () => this.SUBRULE(this.importStatement) },
      { ALT: () => this.SUBRULE(this.constant) },
      { ALT: () => this.SUBRULE(this.enumeration) },
      { ALT: () => this.SUBRULE(this.flags) },
      { ALT: () => this.SUBRULE(this.alias) },
      { ALT: () => this.SUBRULE(this.struct) },
      { ALT: () => this.SUBRULE(this.union) },
      { ALT: () => this.SUBRULE(this.error) },
      { ALT: () => this.SUBRULE(this.interface) },
      { ALT: () => this.CONSUME(t.Separator) },
    ]);
  });

  private readonly moduleStatement: Rule = this.RULE("moduleStatement", () => {
    this.CONSUME(t.Module);
    this.CONSUME(t.Name);
    this.OPTION(() => this.CONSUME(t.Separator));
  });

  private readonly importStatement: Rule = this.RULE("importStatement", () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.StringLiteral);
    this.OPTION(() => this.CONSUME(t.Separator));
  });

  private readonly constant: Rule = this.RULE("constant", () => {
    this.CONSUME(t.Const);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.value);
    this.OPTION(() => this.CONSUME(t.Separator));
  });

  private readonly enumeration: Rule = this.RULE("enumeration", () => {
    this.CONSUME(t.Enum);
    this.CONSUME(t.Name);
    this.SUBRULE(this.members);
  });

  private readonly flags: Rule = this.RULE("flags", () => {
    this.CONSUME(t.Flags);
    this.CONSUME(t.Name);
    this.SUBRULE(this.members);
  });

  private readonly members: Rule = this.RULE("members", () => {
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.CONSUME(t.LCurly);
    this.MANY(this.each(() => this.SUBRULE(this.member)));
    this.CONSUME(t.RCurly);
  });

  private readonly member: Rule = this.RULE("member", () => {
    this.MANY(this.each(() => this.SUBRULE(this.annotation)));
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.value);
    });
    this.OPTION2(() => this.CONSUME(t.Separator));
  });

  private readonly alias: Rule = this.RULE("alias", () => {
    this.CONSUME(t.Type);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.type);
    this.OPTION(() => this.CONSUME(t.Separator));
  });

  private readonly struct: Rule = this.RULE("struct", () => {
    this.CONSUME(t.Struct);
    this.CONSUME(t.Name);
    this.CONSUME(t.LCurly);
    this.MANY(this.each(() => this.SUBRULE(this.field)));
    this.CONSUME(t.RCurly);
  });

  private readonly union: Rule = this.RULE("union", () => {
    this.CONSUME(t.Union);
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.CONSUME(t.LCurly);
    this.MANY(this.each(() => this.SUBRULE(this.variant)));
    this.CONSUME(t.RCurly);
  });

  private readonly variant: Rule = this.RULE("variant", () => {
    this.MANY(this.each(() => this.SUBRULE(this.annotation)));
    this.CONSUME(t.NumberLiteral);
    this.CONSUME(t.Colon);
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME2(t.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2(() => this.CONSUME(t.Separator));
  });

  private readonly error: Rule = this.RULE("error", () => {
    this.CONSUME(t.ErrorWord);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.value);
    this.CONSUME(t.LCurly);
    this.MANY(this.each(() => this.SUBRULE(this.field)));
    this.CONSUME(t.RCurly);
  });

  private readonly interface: Rule = this.RULE("interface", () => {
    this.CONSUME(t.Interface);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.throws));
    this.CONSUME(t.LCurly);
    this.MANY(this.each(() => this.SUBRULE(this.function)));
    // What a damaged parameter list leaves behind has been told of; the functions after it are read all the same.
    this.MANY2({
      GATE: () => this.errors.length > 0 && this.errors.length < this.maxMistakes,
      DEF: () => {
        this.CONSUME(t.RParen);
        this.OPTION2(() => this.CONSUME(t.Separator));
        this.MANY3(this.each(() => this.SUBRULE2(this.function)));
      },
    });
    this.CONSUME(t.RCurly);
  });

  private readonly function: Rule = this.RULE("function", () => {
    this.MANY(this.each(() => this.SUBRULE(this.annotation)));
    this.CONSUME(t.Name);
    this.SUBRULE(this.fields);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.result);
    });
    this.OPTION2(() => {
      this.CONSUME(t.With);
      this.SUBRULE2(this.fields);
    });
    this.OPTION3(() => this.SUBRULE(this.throws));
    // In the wrong order; understood all the same.
    this.OPTION4(() => {
      this.CONSUME2(t.With);
      this.SUBRULE3(this.fields);
    });
    this.OPTION5(() => this.CONSUME(t.Separator));
  });

  private readonly result: Rule = this.RULE("result", () => {
    this.OR([
      {
        ALT: () => {
          this.SUBRULE(this.fields);
          this.OPTION(() => this.CONSUME(t.Question));
        },
      },
      { ALT: () => this.SUBRULE(this.type) },
    ]);
  });

  private readonly throws: Rule = this.RULE("throws", () => {
    this.CONSUME(t.Throws);
    this.OPTION({
      GATE: () => this.LA(1).tokenType !== t.With || this.LA(2).tokenType !== t.LParen,
      DEF: () => this.CONSUME(t.Name),
    });
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.CONSUME2(t.Name);
    });
  });

  private readonly fields: Rule = this.RULE("fields", () => {
    this.CONSUME(t.LParen);
    this.MANY(this.each(() => this.SUBRULE(this.field)));
    this.CONSUME(t.RParen);
  });

  private readonly field: Rule = this.RULE("field", () => {
    this.MANY(this.each(() => this.SUBRULE(this.annotation)));
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.value);
    });
    this.OPTION2(() => this.CONSUME(t.Separator));
  });

  private readonly type: Rule = this.RULE("type", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Less);
      this.SUBRULE(this.type);
      this.CONSUME(t.Greater);
    });
    this.MANY(this.each(() => this.SUBRULE(this.suffix)));
  });

  private readonly suffix: Rule = this.RULE("suffix", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Question) },
      {
        ALT: () => {
          this.CONSUME(t.LSquare);
          this.OPTION(() => this.SUBRULE(this.value));
          this.OPTION2(() => {
            this.CONSUME(t.AtMost);
            this.SUBRULE2(this.value);
          });
          this.CONSUME(t.RSquare);
        },
      },
    ]);
  });

  private readonly value: Rule = this.RULE("value", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.NumberLiteral) },
      { ALT: () => this.CONSUME(t.StringLiteral) },
      {
        ALT: () => {
          this.SUBRULE(this.reference);
          this.MANY(() => {
            this.CONSUME(t.Bar);
            this.SUBRULE2(this.reference);
          });
        },
      },
    ]);
  });

  private readonly reference: Rule = this.RULE("reference", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Dot);
      this.CONSUME2(t.Name);
    });
  });

  private readonly annotation: Rule = this.RULE("annotation", () => {
    this.CONSUME(t.At);
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.MANY(this.each(() => this.SUBRULE(this.argument)));
      this.CONSUME(t.RParen);
    });
  });

  private readonly argument: Rule = this.RULE("argument", () => {
    this.OPTION(() => {
      this.CONSUME(t.Name);
      this.CONSUME(t.Equals);
    });
    this.SUBRULE(this.value);
    this.OPTION2(() => this.CONSUME(t.Separator));
  });

  /**
   * An item of a repetition. The parser recovers from a mistake in one by calling itself and by searching the
   * rest of the file, which for a file that is no interface at all has to end somewhere.
   */
  private each(item: () => CstNode): { GATE: () => boolean; DEF: () => CstNode } {
    return { GATE: () => this.errors.length < this.maxMistakes, DEF: item };
  }

  /** @param validate Looks for mistakes in the grammar itself. They are a test's to find: looking takes a while. */
  constructor({ validate }: { readonly validate: boolean }) {
    super(t.tokenTypes, {
      recoveryEnabled: true,
      nodeLocationTracking: "onlyOffset",
      errorMessageProvider: expectations,
      skipValidations: !validate,
    });
    this.performSelfAnalysis();
  }
}
