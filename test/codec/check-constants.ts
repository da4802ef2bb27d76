/** Constants: both languages have the value that the model has. */
import type { Constant, Value } from "@rpcgen/idl/model";
import { expect } from "vitest";
import type { Batch } from "./load-batch.js";
import type { Sample } from "./random-value.js";
import { shown, typescriptOf } from "./spell-value.js";

export function checkConstants({ model, board, exports }: Batch): void {
  const constants = model.declarations.filter((one): one is Constant => one.kind === "constant");
  const own = constants.map(({ names, type, value }) => {
    const wanted = shown(typescriptOf(sampleOfValue(value), type), type);
    expect(shown(exports[names.typescript], type), names.source).toBe(wanted);
    return `${names.source} ${wanted}`;
  });
  const shows = constants.map(({ names }) => `print("${names.source} " + show(batch_rpc.${names.python}))`);
  expect(board.run(["import batch_rpc", "from show import show", ...shows].join("\n"))).toEqual(own);
}

export function sampleOfValue(value: Value): Sample {
  switch (value.kind) {
    case "integer":
    case "flags":
      return { kind: "integer", value: value.value };
    case "member":
      return { kind: "integer", value: value.member.value };
    case "string":
      return { kind: "text", value: value.value };
    case "null":
      return { kind: "none" };
    case "float":
      return { kind: "float", value: value.value };
    case "bool":
      return { kind: "bool", value: value.value };
  }
}
