/** The table of edge cases that all languages share: `test/codec/edge-cases.json`, whose README says how to read it. */
import { readFileSync } from "node:fs";
import type { Type } from "@rpcgen/idl/model";
import { beforeAll, describe, expect, it } from "vitest";
import { type Board, createBoard } from "./board.js";
import { modelOf, rpcModuleFrom } from "./generate-from.js";
import { pythonOf, SHOW } from "./python-value.js";

interface Case {
  readonly type: string;
  readonly value?: unknown;
  readonly bytes?: string;
  readonly only?: "encode" | "decode";
  readonly refused?: string;
  readonly about?: string;
}

const file = new URL("../../../../test/codec/edge-cases.json", import.meta.url);
const { declarations, cases } = JSON.parse(readFileSync(file, "utf8")) as {
  readonly declarations: readonly string[];
  readonly cases: readonly Case[];
};
const names = [...new Set(cases.map(({ type }) => type))];

let board: Board;
let types: readonly Type[];

beforeAll(async () => {
  // A result has the name of the argument, so that errors of both directions have the same path behind "result.".
  const functions = names.map(
    (name, i) => `  take${i}(value: ${name}) throws; give${i}(): (value: ${name}) throws;`,
  );
  const idl = [...declarations, "interface Cases {", ...functions, "}"].join("\n");
  const model = await modelOf("edge", idl);
  types = (model.interfaces[0]?.functions ?? []).flatMap(({ parameters }) =>
    parameters.fields.map(({ type }) => type),
  );
  board = await createBoard();
  board.write("edge_rpc.py", await rpcModuleFrom("edge", idl));
  board.write("show.py", SHOW);
});

function serve(call: string, method: string): string[] {
  return board.run(`
import rpc, edge_rpc
from show import show
class Cases(edge_rpc.Cases):
    ${method}
try:
    edge_rpc.serve(rpc.Slave([${call}]), Cases())
except KeyboardInterrupt:
    pass`);
}

function answerIn(lines: readonly string[]): Buffer {
  const line = lines.find((each) => each.startsWith("answer "));
  return Buffer.from(line?.slice("answer ".length) ?? "", "hex");
}

function decode(index: number, hex: string): { given: string | undefined; answer: Buffer } {
  const call = `("take${index}", bytes.fromhex("${hex}"))`;
  const lines = serve(call, `def take${index}(self, value): print("given " + show(value))`);
  const given = lines.find((line) => line.startsWith("given "))?.slice("given ".length);
  return { given, answer: answerIn(lines) };
}

function encode(index: number, value: string): Buffer {
  return answerIn(serve(`("give${index}", b"")`, `def give${index}(self): return (${value},)`));
}

function failure(answer: Buffer): { status: number | undefined; path: string } {
  const text = answer.subarray(1).toString();
  const path = /^(?:WireError: )?([^ ]*): /.exec(text)?.[1] ?? "";
  return { status: answer[0], path: path.replace(/^result\.?/, "") };
}

describe.each(names)("%s", (name) => {
  const index = names.indexOf(name);
  const own = cases.filter(({ type }) => type === name);
  it.each(own.map((one) => [titleOf(one), one] as const))("%s", (_, one) => {
    const hex = one.bytes?.replaceAll(" ", "");
    const value = pythonOf(one.value, types[index] ?? null);
    if (one.refused !== undefined) {
      const answer = hex === undefined ? encode(index, value) : decode(index, hex).answer;
      const { status, path } = failure(answer);
      expect(status, answer.toString()).toBe(hex === undefined ? 255 : 254);
      if (one.refused !== "") expect(path).toBe(one.refused);
      return;
    }
    if (one.only !== "encode") {
      const shown = board.run(`from show import show\nprint(show(${value}))`)[0];
      expect(decode(index, hex ?? "").given).toBe(shown);
    }
    const packed = encode(index, value).toString("hex");
    if (one.only !== "decode") expect(packed).toBe(`00${hex}`);
    else expect(packed).not.toBe(`00${hex}`);
  });
});

function titleOf({ value, bytes, refused, only, about }: Case): string {
  const shown = [value === undefined ? "" : JSON.stringify(value), bytes ?? ""].map((text) =>
    text.slice(0, 40),
  );
  const verb = refused === undefined ? (only ?? "both ways") : "refused";
  return [verb, ...shown, about ?? ""].filter((part) => part !== "").join(" ");
}
