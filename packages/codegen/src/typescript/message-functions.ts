/** Writes the exported functions that encode and decode a struct or a union as a whole message. */
import type { Type } from "@rpcgen/idl/model";
import { functionOf } from "./function-text.js";
import { withArticle } from "./lines.js";
import { decodeValueBody, encodeBody } from "./message-codec.js";
import type { FunctionStatement } from "./statement.js";
import type { PackedDeclaration, TypesModule } from "./types-module.js";

export function messageFunctions(types: TypesModule, declaration: PackedDeclaration): FunctionStatement[] {
  const { encode, decode } = types.codec(declaration);
  const { size } = declaration;
  const type: Type =
    declaration.kind === "struct"
      ? { kind: "struct", declaration, size, alias: null }
      : { kind: "union", declaration, size, alias: null };
  const name = types.declared(declaration);
  const encodable = [{ type, value: "value", path: "", range: null }];
  return [
    {
      ...functionOf(
        encode,
        [{ name: "value", type: name }],
        "Uint8Array",
        encodeBody(types, "badArgument", encodable, types.locals(), "none"),
      ),
      isExported: true,
      doc: [`Packs ${withArticle(name)}. Throws an RpcError of code \`bad-argument\` where it does not fit.`],
    },
    {
      ...functionOf(
        decode,
        [{ name: "bytes", type: "Uint8Array" }],
        name,
        decodeValueBody(types, "badResult", { type, path: "" }, types.locals()),
      ),
      isExported: true,
      doc: [`Unpacks ${withArticle(name)} and nothing else. Throws an RpcError of code \`bad-result\`.`],
    },
  ];
}
