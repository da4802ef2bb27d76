/** Writes the functions that pack one union: its tag, then the value of the variant, if it has one. */
import type { Type, UnionDeclaration, UnionVariant } from "@rpcgen/idl/model";
import { functionOf, packerParameters } from "./function-text.js";
import { block, indented, withArticle } from "./lines.js";
import { type Measured, MeasureWriter } from "./measure.js";
import { addsToSize, summed, viewOf } from "./message-codec.js";
import { ReadWriter } from "./read.js";
import { FixedReadWriter, getNumber } from "./read-fixed.js";
import type { FunctionStatement } from "./statement.js";
import { isBigint, NUMBER_FORMATS, stringText, typeText } from "./type-text.js";
import type { TypesModule } from "./types-module.js";
import { setNumber, WriteWriter } from "./write.js";

/** Check or measure, write, read. */
export function unionFunctions(types: TypesModule, union: UnionDeclaration): FunctionStatement[] {
  const names = types.packer(union);
  const type = types.declared(union);
  const { to, at, value, from } = packerParameters(types, type);
  const result = isFixed(union) ? "void" : "number";
  return [
    functionOf(names.measure, [value], result, measureLines(types, union)),
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

function measureLines(types: TypesModule, union: UnionDeclaration): string[] {
  const misfit = types.runtime("misfit");
  const name = union.names.typescript;
  const test = `if (typeof value !== "object" || value === null) throw ${misfit}("", value, ${stringText(withArticle(name))});`;
  const cases = union.variants.flatMap((variant) => {
    const { typescript: path } = variant.names;
    const writer = new MeasureWriter(types, types.locals());
    const payload = variant.type === null ? NOTHING : writer.value(variant.type, "value.value", path);
    return block(`case ${kindText(path)}:`, measuredCase(union, payload));
  });
  const kind = "(value as { readonly kind: unknown }).kind";
  const refusal = `throw ${misfit}("kind", ${kind}, ${stringText(`a kind of ${name}`)});`;
  return [test, ...block("switch (value.kind)", [...cases, "default:", ...indented([refusal])])];
}

const NOTHING: Measured = { fixed: 0, lines: [] };

function measuredCase(union: UnionDeclaration, { fixed, lines }: Measured): string[] {
  if (isFixed(union)) return [...lines, "break;"];
  const size = tagBytes(union) + fixed;
  return addsToSize(lines) ? [...summed(size, lines), "return size;"] : [...lines, `return ${size};`];
}

function writeLines(types: TypesModule, union: UnionDeclaration): string[] {
  const end = isFixed(union) ? "drop" : "return";
  const cases = union.variants.flatMap((variant) => {
    const writer = new WriteWriter(types, types.locals(), "at", tagBytes(union));
    if (variant.type !== null) writer.value(variant.type, "value.value");
    const tag = setNumber(union.base, "at", tagText(union, variant));
    const lines = [tag, ...writer.finish(end), ...(end === "drop" ? ["break;"] : [])];
    return block(`case ${kindText(variant.names.typescript)}:`, lines);
  });
  return viewOf("to", block("switch (value.kind)", cases));
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
