/** Tables of mistakes: one line of source, and the errors it gives as `code@offset` in order of place. */
import { expect, test } from "vitest";
import { compileText } from "./memory-host.js";

async function codesOf(source: string): Promise<readonly string[]> {
  const { diagnostics } = await compileText(source);
  return diagnostics
    .filter((each) => each.severity === "error")
    .map((each) => `${each.code}@${each.span.start}`);
}

export function table(rows: readonly (readonly [string, ...string[]])[]): void {
  test.each(rows.map(([source, ...codes]) => [source, codes] as const))("%s", async (source, codes) => {
    expect(await codesOf(source)).toEqual(codes);
  });
}
