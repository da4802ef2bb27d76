import { describe, expect, it } from "vitest";
import { allCells, DELAYS_MS, nameOf, runCell, runStockMasterCell } from "./delay-table.js";

/** Half of them are the learning. */
const CALLS = 200;
const SEED = 20;

describe("a stock slave at every speed and distance", () => {
  it.each(allCells.map((cell) => [nameOf(cell), cell] as const))(
    "answers every call once, in time: %s",
    async (_name, cell) => {
      const result = await runCell(cell, CALLS, SEED);
      expect(result).toMatchObject({
        answered: CALLS,
        wrong: 0,
        ranTwice: 0,
        neverRan: 0,
        firstFailure: null,
      });
      // Next to the slave its two collections of garbage are longer than all else: no slower than paired, then.
      const paired = cell.oneWayMs === 0 ? await runCell(cell, CALLS, SEED, { shape: "paired" }) : null;
      expect(result.medianMs).toBeLessThanOrEqual(paired === null ? result.boundMs : paired.medianMs * 1.1);
    },
  );

  it.each(allCells.map((cell) => [nameOf(cell), cell] as const))(
    "answers every call once, though each write has a delay of its own: %s",
    async (_name, cell) => {
      const result = await runCell(cell, 40, SEED, {}, "each write");
      expect(result).toMatchObject({ answered: 40, wrong: 0, ranTwice: 0, neverRan: 0, firstFailure: null });
    },
  );
});

describe("what went wrong once", () => {
  // A window learned too short made each answer late, and so none of them was measured.
  it("does not run a call twice where stray acknowledgements come later than expected", async () => {
    const cell = { baudRate: 921_600, argumentBytes: 4096, oneWayMs: 40 };
    expect(await runCell(cell, 60, 44)).toMatchObject({ answered: 60, wrong: 0, ranTwice: 0 });
  });

  it.each([
    ["wandering", 32, 20],
    ["wandering", 32, 44],
    ["each write", 0, 41],
  ] as const)(
    "answers the unluckiest call on a slow wire: %s, %i bytes, seed %i",
    async (jitter, argumentBytes, seed) => {
      const cell = { baudRate: 9600, argumentBytes, oneWayMs: argumentBytes === 0 ? 7 : 16 };
      expect(await runCell(cell, 60, seed, {}, jitter)).toMatchObject({
        answered: 60,
        wrong: 0,
        ranTwice: 0,
      });
    },
  );
});

// A command of four seconds on the wire is missed as often as a short one, and each time it costs all of them.
describe("a command that takes longer on the wire than a slave holds a result", () => {
  it.each([5, 17, 18])("gets through however often it is missed (seed %i)", async (seed) => {
    const cell = { baudRate: 9600, argumentBytes: 4096, oneWayMs: 40 };
    const result = await runCell(cell, 60, seed, {}, "each write");
    expect(result).toMatchObject({ answered: 60, wrong: 0, ranTwice: 0, firstFailure: null });
  });

  // The command went out while the last lone header was on the wire still, and its bytes were taken for that one's data.
  it("does not follow a lone header too closely", async () => {
    const cell = { baudRate: 9600, argumentBytes: 4096, oneWayMs: 7 };
    expect(await runCell(cell, 60, 1)).toMatchObject({ answered: 60, firstFailure: null });
  });
});

describe("our slave, called by a stock master", () => {
  it.each(allCells.map((cell) => [nameOf(cell), cell] as const))(
    "is never wrong and never runs a call twice: %s",
    async (_name, cell) => {
      for (const kind of ["camera", "desktop"] as const) {
        const result = await runStockMasterCell(cell, kind, 20, SEED);
        expect(result).toMatchObject({ wrong: 0, ranTwice: 0, neverRan: 0 });
        if (cell.oneWayMs === DELAYS_MS[0] && kind === "camera") expect(result.answered).toBe(20);
      }
    },
  );
});
