/** Random types and values: generated code against a packer that was written apart from it. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type Board, createBoard } from "./board.js";
import { rpcModuleFrom } from "./generate-from.js";
import { type PackedValue, type Shape, shapes } from "./random-shapes.js";

interface Case {
  readonly shape: Shape;
  readonly value: PackedValue;
  readonly noise: Uint8Array;
}

/** Six types to a module; a failure shows them as they are written. */
const cases: fc.Arbitrary<readonly Case[]> = fc
  .array(
    shapes.chain((shape) =>
      shape.value.chain((value) =>
        fc.uint8Array({ maxLength: 60 }).map((noise) => ({ shape, value, noise })),
      ),
    ),
    { minLength: 6, maxLength: 6 },
  )
  .map((run) => Object.assign(run, { [fc.toStringMethod]: () => described(run) }));

function described(run: readonly Case[]): string {
  const values = run.map(({ value, noise }) => `${value.python} ${Buffer.from(noise).toString("hex")}`);
  return [interfaceText(run.map(({ shape }) => shape)), ...values].join("\n");
}

let board: Board;
let modules = 0;

beforeAll(async () => {
  board = await createBoard();
});

/** An interface that takes and gives back (`f`), and gives (`g`), a value of each type. */
function interfaceText(shapesOfFile: readonly Shape[]): string {
  const declarations: string[] = [];
  const declare = (kind: string, body: string) => {
    const name = `T${declarations.length}`;
    declarations.push(`${kind} ${name}${body}`);
    return name;
  };
  const functions = shapesOfFile.map((shape, index) => {
    const type = shape.text(declare);
    return `f${index}(v: ${type}): ${type} throws; g${index}(): ${type} throws;`;
  });
  return `${declarations.join("\n")}\ninterface All { ${functions.join("\n")} }`;
}

async function answersTo(run: readonly Case[]): Promise<string[]> {
  modules += 1;
  const file = `random${modules}`;
  board.write(`${file}_rpc.py`, await rpcModuleFrom(file, interfaceText(run.map(({ shape }) => shape))));
  const methods = run.map(
    ({ value }, index) =>
      `    def f${index}(self, v): return v\n    def g${index}(self): return ${value.python}`,
  );
  const calls = run.map(({ value, noise }, index) => {
    const bytes = Buffer.from(value.bytes).toString("hex");
    const f = (hex: string) => `("f${index}", bytes.fromhex("${hex}"))`;
    return `${f(bytes)}, ("g${index}", b""), ${f(Buffer.from(noise).toString("hex"))}`;
  });
  const lines = board.run(`
import rpc, gc, ${file}_rpc
class All(${file}_rpc.All):
${methods.join("\n")}
try:
    ${file}_rpc.serve(rpc.Slave([${calls.join(", ")}]), All())
except KeyboardInterrupt:
    pass
import sys
del sys.modules["${file}_rpc"], All, ${file}_rpc
gc.collect()`);
  return lines.filter((line) => line.startsWith("answer ")).map((line) => line.slice("answer ".length));
}

test("packs and unpacks like a packer written apart, and refuses or reads any bytes", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (run) => {
      const answers = await answersTo(run);
      expect(answers).toHaveLength(3 * run.length);
      run.forEach(({ value }, index) => {
        const expected = `00${Buffer.from(value.bytes).toString("hex")}`;
        expect(answers[3 * index]).toBe(expected);
        expect(answers[3 * index + 1]).toBe(expected);
        // Read (and packed again), or refused as arguments: never the handler's failure.
        expect(answers[3 * index + 2]).toMatch(/^(00|fe)/);
      });
    }),
    { numRuns: 40 },
  );
});
