/** `rpcgen_schema`: what a generated slave says of the interfaces that it serves. */
import { describe, expect, test } from "vitest";
import { createBoard } from "./board.js";
import { generateFrom, modelOf } from "./generate-from.js";

const IDL = "interface One { ping(): u8; } interface Two { pong(v: string[<=4]): u16; }";

async function answerTo(served: string, embedSchema: boolean): Promise<Buffer> {
  const board = await createBoard();
  const files = await generateFrom("shake", IDL, { embedSchema });
  board.write("shake_rpc.py", files.get("shake_rpc.py")?.text ?? "");
  const lines = board.run(`
import rpc, shake_rpc
try:
    shake_rpc.serve(rpc.Slave([("rpcgen_schema", b"")]), ${served})
except KeyboardInterrupt:
    pass`);
  expect(lines).toHaveLength(2);
  return Buffer.from(lines[1]?.slice("answer ".length) ?? "", "hex");
}

async function interfacesOf() {
  const { interfaces } = await modelOf("shake", IDL);
  const [one, two] = interfaces;
  if (one === undefined || two === undefined) throw new Error("two interfaces");
  const head = ({ nameHash, fingerprint }: typeof one) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(nameHash);
    return Buffer.concat([bytes, Buffer.from(fingerprint, "hex")]);
  };
  return { one, two, head };
}

describe("rpcgen_schema", () => {
  test("names one interface, then the generator's version", async () => {
    const { two, head } = await interfacesOf();
    const expected = Buffer.concat([Buffer.of(1), head(two), Buffer.from("1.2.3")]);
    expect(await answerTo("shake_rpc.Two()", false)).toEqual(expected);
  });

  test("names several, in the order in which they are served", async () => {
    const { one, two, head } = await interfacesOf();
    const expected = Buffer.concat([Buffer.of(2), head(two), head(one), Buffer.from("1.2.3")]);
    expect(await answerTo("shake_rpc.Two(), shake_rpc.One()", false)).toEqual(expected);
  });

  test("ends with the canonical texts where they are embedded", async () => {
    const { one, two, head } = await interfacesOf();
    const text = `1.2.3\0${one.canonicalText}\0${two.canonicalText}`;
    const expected = Buffer.concat([Buffer.of(2), head(one), head(two), Buffer.from(text)]);
    expect(await answerTo("shake_rpc.One(), shake_rpc.Two()", true)).toEqual(expected);
  });
});
