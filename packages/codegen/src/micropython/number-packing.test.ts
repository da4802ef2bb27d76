import type { FloatType, IntegerName, IntegerType } from "@rpcgen/idl/model";
import { expect, test } from "vitest";
import { formatOf, refusals } from "./number-packing.js";

function integer(name: IntegerName): IntegerType {
  const bits = BigInt(name.slice(1));
  const min = name.startsWith("i") ? -(1n << (bits - 1n)) : 0n;
  const max = name.startsWith("i") ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  const size = Number(bits) / 8;
  return { kind: "integer", name, bigEndian: false, min, max, size: { min: size, max: size }, alias: null };
}

const f32: FloatType = {
  kind: "float",
  name: "f32",
  bigEndian: false,
  size: { min: 4, max: 4 },
  alias: null,
};

function conditions(...names: readonly IntegerName[]): string[] {
  return refusals(
    names.map((name, index) => ({ name: "abcdef"[index] ?? "", type: integer(name), range: null })),
  );
}

test("runs of one kind share a letter", () => {
  expect(formatOf([integer("u16"), integer("u16"), integer("u8"), f32, integer("u16")])).toBe("<2HBfH");
});

test("numbers of one width share a test", () => {
  expect(conditions("u16", "u8", "u16")).toEqual(["(a | c) >> 16", "b >> 8"]);
  expect(conditions("i8", "i16", "i8")).toEqual(["((a + 128) | (c + 128)) >> 8", "(b + 32768) >> 16"]);
});

test("wide signed numbers are compared, which needs no number on the heap", () => {
  expect(conditions("i32")).toEqual(["not -2147483648 <= a <= 2147483647"]);
});
