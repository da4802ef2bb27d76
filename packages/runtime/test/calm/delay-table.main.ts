/** `npm run table`: the whole table of delays, and a report of it. */
import { allCells, type Cell, type CellResult, nameOf, runCell, runStockMasterCell } from "./delay-table.js";
import {
  createProgress,
  helpOption,
  numberOption,
  rounded,
  tableOf,
  textOption,
  writeReport,
} from "./report.js";

helpOption(
  `
npm run table -- [--calls 10000] [--seed 1] [--cells text] [--out .cache/reports/delay-table.md]

Calls a modelled stock slave over lines of every speed and distance, and our slave with modelled stock masters,
in virtual time. Every call must be answered, run once, and take no longer than distance and wire do. With
--cells only the cells whose name has that text. Exits 1 if one fails.`,
  ["calls", "seed", "cells", "out"],
);
const calls = numberOption("calls", 10_000);
const seed = numberOption("seed", 1);
const wanted = textOption("cells", "");
const cells = allCells.filter((cell) => nameOf(cell).includes(wanted));
const failures: string[] = [];

console.log(`Table of delays: ${cells.length} cells, ${calls} calls each, seed ${seed}`);
const master = await masterTable();
const slave = await slaveTable();
writeReport(
  textOption("out", ".cache/reports/delay-table.md"),
  `# Calls at every speed and distance

Virtual time, seed ${seed}, ${calls} calls a row, jitter ±50 % of the one-way delay (it wanders; in the last two
columns each write has a delay of its own, and the time is told, not judged), a stock slave that collects garbage
for 0–3 ms before each try and holds 64 bytes while it is busy. Times are medians of calls once learned. Aimed at
are two one-way delays, the bytes on the wire, and 3 ms; without delay no more than the paired shape takes.
\`boundMsOf\` in delay-table.ts says where that can't be reached, and why.

## Our master, a stock slave

${master}

## Stock masters, our slave

Beyond 2 ms these masters get few answers by their nature; none may be wrong, and no call may run twice.

${slave}`,
);
for (const failure of failures) console.log(`FAILED  ${failure}`);
console.log(failures.length === 0 ? "Every cell is as it should be." : `${failures.length} of them failed`);
process.exit(failures.length === 0 ? 0 : 1);

async function masterTable(): Promise<string> {
  const progress = createProgress("our master", cells.length);
  const rows: (string | number)[][] = [];
  for (const cell of cells) {
    const result = await runCell(cell, calls, seed);
    const paired = cell.oneWayMs === 0 ? await runCell(cell, calls, seed, { shape: "paired" }) : null;
    const each = await runCell(cell, calls, seed, {}, "each write");
    judge(result, paired);
    judgeAnswers(each, "each write a delay of its own, ");
    rows.push([
      cell.baudRate ?? "unpaced",
      cell.argumentBytes,
      cell.oneWayMs,
      result.answered,
      result.wrong,
      result.ranTwice,
      rounded(result.medianMs),
      paired === null ? rounded(result.allowedMs) : "",
      paired === null ? "" : rounded(paired.medianMs),
      rounded(result.slowestMs),
      each.answered,
      rounded(each.medianMs),
    ]);
    progress(rows.length);
  }
  const columns = ["baud", "bytes", "one way, ms", "answered", "wrong", "ran twice", "median, ms", "aim, ms"];
  return tableOf([...columns, "paired, ms", "slowest, ms", "jittery: answered", "median, ms"], rows);
}

function judge(result: CellResult, paired: CellResult | null): void {
  const { medianMs, boundMs } = result;
  const fail = (what: string) => failures.push(`${nameOf(result)}: ${what}`);
  judgeAnswers(result, "");
  if (paired === null && medianMs > boundMs) {
    fail(`median ${rounded(medianMs)} ms, at most ${rounded(boundMs)} ms were reached before`);
  }
  if (paired !== null && medianMs > paired.medianMs * 1.02) {
    fail(`median ${rounded(medianMs)} ms, paired ${rounded(paired.medianMs)} ms`);
  }
}

function judgeAnswers(result: CellResult, how: string): void {
  const { answered, wrong, ranTwice, neverRan } = result;
  const fail = (what: string) => failures.push(`${how}${nameOf(result)}: ${what}`);
  if (answered < calls) fail(`${calls - answered} calls without an answer; ${result.firstFailure}`);
  if (wrong > 0) fail(`${wrong} wrong answers`);
  if (ranTwice > 0 || neverRan > 0) fail(`${ranTwice} calls ran twice, ${neverRan} never`);
}

async function slaveTable(): Promise<string> {
  const each = Math.min(calls, 200);
  const progress = createProgress("our slave", cells.length);
  const rows: (string | number)[][] = [];
  for (const cell of cells) {
    const camera = await runStockMasterCell(cell, "camera", each, seed);
    const desktop = await runStockMasterCell(cell, "desktop", each, seed);
    for (const [kind, { wrong, ranTwice, neverRan }] of Object.entries({ camera, desktop })) {
      if (wrong + ranTwice + neverRan === 0) continue;
      failures.push(
        `${kind} master, ${nameOf(cell)}: ${wrong} wrong, ${ranTwice} ran twice, ${neverRan} never`,
      );
    }
    rows.push([
      ...placeOf(cell),
      `${camera.answered}/${each}`,
      `${desktop.answered}/${each}`,
      camera.wrong + desktop.wrong,
      camera.ranTwice + desktop.ranTwice,
      rounded(camera.medianMs),
    ]);
    progress(rows.length);
  }
  return tableOf(
    [
      "baud",
      "bytes",
      "one way, ms",
      "camera master: answered",
      "desktop master: answered",
      "wrong",
      "ran twice",
      "median (camera), ms",
    ],
    rows,
  );
}

function placeOf({ baudRate, argumentBytes, oneWayMs }: Cell): (string | number)[] {
  return [baudRate ?? "unpaced", argumentBytes, oneWayMs];
}
