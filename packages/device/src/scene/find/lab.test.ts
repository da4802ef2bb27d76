import { expect, test } from "vitest";
import { labTable } from "./lab.js";

test.each([
  ["black", 0x0000, [0, 0, 0]],
  ["white", 0xffff, [100, 0, 0]],
  ["red", 0xf800, [53, 80, 67]],
  ["green", 0x07e0, [88, -86, 83]],
  ["blue", 0x001f, [32, 79, -108]],
  ["yellow", 0xffe0, [97, -22, 94]],
] as const)("%s", (_, pixel, lab) => {
  const table = labTable();
  const found = [table.l[pixel], table.a[pixel], table.b[pixel]];
  for (const [index, value] of lab.entries()) {
    expect(Math.abs((found[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(1);
  }
});
