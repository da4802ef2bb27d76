// Encoding of the detection frame on a board: generated MicroPython beside what a person would write with
// `struct` for exactly this frame, without checks. In MicroPython compiled to WebAssembly; what counts is the ratio.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { interleave, quick, rounded } from "./measure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const rounds = 15;
const calls = quick ? 20 : 1500;

const python = await board();
const byStructPack = "struct.pack, by hand";
const contenders = ["generated", byStructPack, "struct.pack_into, by hand"];
const frames = ["tuples", "named tuples"];
const all = frames.flatMap((frame) => contenders.map((contender) => ({ frame, contender })));
const speeds = await interleave(
  all.map((one) => ({ name: nameOf(one), run: () => callsPerSecond(one) })),
  rounds,
);
const bytes = Number(answerTo("len(GENERATED(FRAMES['tuples']))"));
console.log(
  JSON.stringify({
    title: "Encoding of the detection frame in MicroPython",
    columns: [
      "",
      "frames of",
      "frames per second, median of 15",
      "of the time of struct.pack",
      "heap bytes a call",
    ],
    rows: all.map((one) => {
      const speed = speeds.get(nameOf(one));
      const byHand = speeds.get(nameOf({ ...one, contender: byStructPack }));
      return [one.contender, one.frame, rounded(speed), `${(byHand / speed).toFixed(2)} ×`, heapOf(one)];
    }),
    note: `${bytes} bytes packed. All checks on; by hand has none. Time of the processor, not of the clock.`,
  }),
);

function nameOf({ frame, contender }) {
  return `${contender} ${frame}`;
}

/** The processor's time: the clock's would count whatever else the machine does. */
function callsPerSecond({ frame, contender }) {
  python.run("gc.collect()");
  const before = process.cpuUsage();
  python.run(`repeat(CONTENDERS["${contender}"], FRAMES["${frame}"], ${calls})`);
  const { user, system } = process.cpuUsage(before);
  return calls / ((user + system) / 1e6);
}

function heapOf({ frame, contender }) {
  return rounded(Number(answerTo(`heap(CONTENDERS["${contender}"], FRAMES["${frame}"])`)));
}

function answerTo(expression) {
  python.run(`print(${expression})`);
  return python.lines.at(-1);
}

/** A MicroPython with the generated module, what is written by hand, and the frames. */
async function board() {
  const fromCodegen = createRequire(join(here, "..", "packages", "codegen", "package.json"));
  const { loadMicroPython } = await import(
    fromCodegen.resolve("@micropython/micropython-webassembly-pyscript")
  );
  const lines = [];
  const stdout = (line) => lines.push(String(line).trimEnd());
  const micropython = await loadMicroPython({ heapsize: 4 * 1024 * 1024, linebuffer: true, stdout });
  micropython.FS.writeFile("frame_rpc.py", generated());
  micropython.FS.writeFile("by_hand.py", readFileSync(join(here, "codec", "by_hand.py"), "utf8"));
  micropython.runPython(readFileSync(join(here, "codec", "measure_frame.py"), "utf8"));
  return { lines, run: (code) => micropython.runPython(code) };
}

/** Generates the module as a person would. */
function generated() {
  const folder = join(here, "..", ".cache", "bench");
  mkdirSync(folder, { recursive: true });
  const rpcgen = join(here, "..", "packages", "cli", "bin", "rpcgen.js");
  const idl = join(here, "codec", "frame.idl");
  const result = spawnSync(process.execPath, [rpcgen, idl, "-t", "micropython", "-o", folder], {
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Error(result.stderr);
  return readFileSync(join(folder, "frame_rpc.py"), "utf8");
}
