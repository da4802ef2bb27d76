import { expect, test } from "vitest";
import { encodeCode128, encodeDataMatrix, encodeEan13, encodeQrCode } from "./symbol.js";

test("a QR code knows its version, and level and mask from its own format bits", () => {
  const code = encodeQrCode("rpcgen:273532");
  expect([code.columns, code.rows, code.version]).toEqual([21, 21, 1]);
  expect(code.eccLevel).toBe(0);
  expect(code.mask).toBeGreaterThanOrEqual(0);
  expect(code.mask).toBeLessThan(8);
});

test.each([
  ["0123456789", 1],
  ["HELLO 42", 2],
  ["hello", 4],
])("%s is data of type %i", (payload, dataType) => {
  expect(encodeQrCode(payload).dataType).toBe(dataType);
});

test("a Data Matrix has a solid edge left and below, and counts its codewords", () => {
  const code = encodeDataMatrix("LOT-74885");
  const { rows, columns, dark } = code;
  const left = Array.from({ length: rows }, (_, row) => dark[row * columns]);
  expect(left.every((module) => module === 1)).toBe(true);
  expect(dark.subarray((rows - 1) * columns).every((module) => module === 1)).toBe(true);
  // L, O, T, dash, 74, 88, 5: seven of the eight that 14 by 14 modules hold.
  expect([columns, code.capacity, code.padding]).toEqual([14, 8, 1]);
});

test("a text too long for the known sizes of a Data Matrix is refused", () => {
  expect(() => encodeDataMatrix("a".repeat(40))).toThrow("too long");
});

test("EAN-13 gets its check digit and 95 modules", () => {
  const code = encodeEan13("400638133393");
  expect(code.payload).toBe("4006381333931");
  expect([code.columns, code.rows, code.type]).toEqual([95, 1, "EAN13"]);
});

test("Code 128 begins and ends with a bar", () => {
  const { dark, columns } = encodeCode128("P-273532");
  expect([dark[0], dark[columns - 1]]).toEqual([1, 1]);
});
