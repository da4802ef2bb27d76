// CAN, I2C and SPI on the kernel's own interfaces: the laboratory's figures (docs/laboratory.md), all links in one run.
// Bytes, frames, turnarounds and memory are the links' own; the clock is that of a guest without any hardware.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { quick } from "./measure.mjs";

const TITLE = "Links in the laboratory";
const LABORATORY = fileURLToPath(new URL("../lab/run.mjs", import.meta.url));
const REPORT = fileURLToPath(new URL("../.cache/lab/report.json", import.meta.url));

console.log(JSON.stringify(quick ? skipped("not in a quick run; `npm run lab` runs it") : measure()));

function measure() {
  rmSync(REPORT, { force: true });
  const { status } = spawnSync(process.execPath, [LABORATORY, "--figures"], {
    stdio: ["ignore", 2, "inherit"],
  });
  const { figures, obstacle } = JSON.parse(readFileSync(REPORT, "utf8"));
  if (obstacle !== null) return skipped(obstacle);
  if (status !== 0) throw new Error("the laboratory failed");
  const links = [...new Set(figures.map(({ link }) => link))].sort();
  const cell = (what, link) => figures.find((one) => one.what === what && one.link === link)?.value ?? "";
  return {
    title: TITLE,
    columns: ["", ...links],
    rows: [...new Set(figures.map(({ what }) => what))].map((what) => [
      what,
      ...links.map((link) => cell(what, link)),
    ]),
    note: "Between two processes, over the kernel's SocketCAN, i2c-dev and spidev, with nothing said again. Rates are those of guests that emulate, for comparison only: CAN's by the machine's clock, the others' by one of 2 ns an instruction. Streams have four frames under way where the link allows it. Memory and copies are counted while one result of the named size goes over.",
  };
}

function skipped(why) {
  return { title: TITLE, skipped: why };
}
