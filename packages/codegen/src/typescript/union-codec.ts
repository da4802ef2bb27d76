/** Writes the functions that pack one union: its tag, then the value of the variant, if it has one. */
import type { Type, UnionDeclaration, UnionVariant } from "@rpcgen/idl/model";
import { refusalOfNoObject } from "./check.js";
import { functionOf, packerParameters } from "./function-text.js";
import { block, indented } from "./lines.js";
import { viewOf } from "./message-codec.js";
import { ReadWriter } from "./read.js";
import { FixedReadWriter, getNumber } from "./read-fixed.js";
import type { FunctionStatement } from "./statement.js";
import { isBigint, NUMBER_FORMATS, stringText, typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { WriteWriter } from "./write.js";
import { setNumber } from "./write-fixed.js";

/** Write (checking) and read. */
export function unionFunctions(types: TypesModule, union: UnionDeclaration): FunctionStatement[] {
  const names = types.packer(union);
  const type = types.declared(union);
  const { to, at, value, from } = packerParameters(types, type);
  const result = isFixed(union) ? "void" : "number";
  return [
    functionOf(names.write, [to, at, value], result, writeLines(types, union)),
    functionOf(names.read, isFixed(union) ? [from, at] : [from], type, readLines(types, union)),
  ];
}

/** As a type: an object for each variant, told apart by `kind`. */
export function unionText(types: TypesModule, { variants }: UnionDeclaration): string {
  return variants
    .map(({ names, type }) => {
      const value = type === null ? "" : `; readonly value: ${typeText(type, types)}`;
      return `{ readonly kind: ${kindText(names.typescript)}${value} }`;
    })
    .join(" | ");
}

/** Whether every variant makes the same number of bytes. */
function isFixed({ size }: UnionDeclaration): boolean {
  return size.min === size.max;
}

function kindText(name: string): string {
  return stringText(name);
}

function tagText({ base }: UnionDeclaration, { tag }: UnionVariant): string {
  return isBigint(base.name) ? `${tag}n` : `${tag}`;
}

function tagBytes({ base }: UnionDeclaration): number {
  return NUMBER_FORMATS[base.name].bytes;
}

function writeLines(types: TypesModule, union: UnionDeclaration): string[] {
  const misfit = types.runtime("misfit");
  const name = union.names.typescript;
  const test = refusalOfNoObject(types, name, "value", "");
  const cases = union.variants.flatMap((variant) =>
    block(`case ${kindText(variant.names.typescript)}:`, writeCase(types, union, variant)),
  );
  const kind = "(value as { readonly kind: unknown }).kind";
  const refusal = `throw ${misfit}("kind", ${kind}, ${stringText(`a kind of ${name}`)});`;
  const lines = block("switch (value.kind)", [...cases, "default:", ...indented([refusal])]);
  const room = isFixed(union) ? [] : [`view = to.room(at, ${tagBytes(union)});`];
  return [test, ...viewOf("to", [...room, ...lines])];
}

function writeCase(types: TypesModule, union: UnionDeclaration, variant: UnionVariant): string[] {
  const locals = types.locals();
  const writer = new WriteWriter(types, locals, tagBytes(union), isFixed(union));
  const given: string[] = [];
  if (variant.type !== null) {
    const path = variant.names.typescript;
    const value = locals.claim(path);
    given.push(`const ${value} = value.value;`);
    writer.values([{ type: variant.type, value, path, range: null }]);
  }
  const tag = setNumber(union.base, "at", tagText(union, variant));
  const writes = writer.finish(isFixed(union) ? null : (end) => `return ${end};`);
  return [...given, tag, ...writes, ...(isFixed(union) ? ["break;"] : [])];
}

function readLines(types: TypesModule, union: UnionDeclaration): string[] {
  const at = isFixed(union) ? "at" : `from.take(${tagBytes(union)}, "")`;
  const cases = union.variants.flatMap((variant) => {
    return block(`case ${tagText(union, variant)}:`, readCase(types, union, variant));
  });
  const wanted = stringText(`a tag of ${union.names.typescript}`);
  const refusal = `throw ${types.runtime("misfit")}("", tag, ${wanted});`;
  const lines = block("switch (tag)", [...cases, "default:", ...indented([refusal])]);
  return viewOf("from", [`const tag = ${getNumber(union.base, at)};`, ...lines]);
}

function readCase(types: TypesModule, union: UnionDeclaration, { names, type }: UnionVariant): string[] {
  const kind = `kind: ${kindText(names.typescript)}`;
  if (type === null) return [`return { ${kind} };`];
  const locals = types.locals();
  locals.claim("tag");
  const name = locals.claim(names.typescript);
  const lines = isFixed(union)
    ? fixedLines()
    : new ReadWriter(types, locals).value(type, names.typescript, sink());
  return [...lines, `return { ${kind}, value: ${name} };`];

  function sink() {
    return { kind: "const", name, type: typeText(type as Type, types) } as const;
  }

  function fixedLines(): string[] {
    const reader = new FixedReadWriter(types, locals);
    return reader.value(type as Type, { base: "at", offset: tagBytes(union) }, names.typescript, sink());
  }
}
