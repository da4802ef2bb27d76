// Calls, large results and streams over a memory link and over a pseudo terminal with the slave in a
// process of its own, and calls to a script on the virtual camera.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startVirtualCamera } from "@rpcgen/device";
import { createMaster, createMemoryLink, createSlave } from "@rpcgen/runtime";
import { openUart } from "@rpcgen/runtime/uart";
import { interleave, median, quick, rounded } from "./measure.mjs";
import { FRAME_LENGTH, MEGABYTE_LENGTH, registerAll } from "./peers/functions.mjs";
import { PTY_BAUD_RATE, startSlave } from "./peers/start-slave.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const EMPTY = new Uint8Array(0);
const SMALL = new Uint8Array(32);

const lines = [
  await overMemory(),
  await overPty("pseudo terminal", "slave-on-pty.mjs", true),
  await overPty("pseudo terminal, stock timing", "stock-slave-on-pty.mjs", false),
  await overCamera(),
];
const results = await interleave(lines.flatMap(contendersOf), 5);
for (const { close } of lines) await close();

const figure = (line, what) => rounded(results.get(`${line.name} ${what}`) ?? Number.NaN);
console.log(
  JSON.stringify({
    title: "Calls, large results, streams",
    columns: [
      "line",
      "empty call, ms (median)",
      "32-byte echo, calls/s",
      "1 MiB result, MB/s",
      "10 KiB frames, MB/s",
    ],
    rows: lines.map((line) => [
      line.name,
      figure(line, "empty"),
      figure(line, "echo"),
      ...(line.large ? [figure(line, "megabyte"), figure(line, "frames")] : ["", ""]),
    ]),
    note: "Medians of 5 rounds, interleaved. The slaves on pseudo terminals are TypeScript in processes of their own, one of them with the timing of the stock library; the virtual camera runs rpc.py.",
  }),
);

function contendersOf({ name, master, large }) {
  const contenders = [
    { name: `${name} empty`, run: () => medianCallMs(master, EMPTY) },
    { name: `${name} echo`, run: async () => 1000 / (await medianCallMs(master, SMALL)) },
  ];
  if (!large) return contenders;
  return [
    ...contenders,
    { name: `${name} megabyte`, run: () => megabytesPerSecond(quick ? 1 : 10, () => fetchMegabyte(master)) },
    { name: `${name} frames`, run: () => megabytesPerSecond(1, () => readFrames(master, quick ? 10 : 2000)) },
  ];
}

async function medianCallMs(master, argument) {
  const times = [];
  for (let index = 0; index < (quick ? 5 : 300); index += 1) {
    const startedMs = performance.now();
    await master.call("echo", argument);
    times.push(performance.now() - startedMs);
  }
  return median(times);
}

async function megabytesPerSecond(times, run) {
  const startedMs = performance.now();
  let bytes = 0;
  for (let index = 0; index < times; index += 1) bytes += await run();
  return bytes / 1e6 / ((performance.now() - startedMs) / 1000);
}

async function fetchMegabyte(master) {
  const result = await master.call("megabyte", EMPTY);
  if (result.length !== MEGABYTE_LENGTH) throw new Error(`${result.length} bytes`);
  return result.length;
}

async function readFrames(master, count) {
  const argument = new Uint8Array(4);
  new DataView(argument.buffer).setUint32(0, count, true);
  let bytes = 0;
  for await (const frame of master.openStream("frames", argument, { queueDepth: 16 })) bytes += frame.length;
  if (bytes !== count * FRAME_LENGTH) throw new Error(`${bytes} bytes of frames`);
  return bytes;
}

async function overMemory() {
  const [masterEnd, slaveEnd] = createMemoryLink();
  const slave = createSlave(slaveEnd);
  registerAll(slave);
  const serving = slave.serve().catch(() => {});
  const master = createMaster(masterEnd);
  return {
    name: "memory link",
    master,
    large: true,
    close: async () => {
      await master.close();
      await serving;
    },
  };
}

async function overPty(name, script, large) {
  const slave = await startSlave(script);
  const master = createMaster(await openUart({ path: slave.path, baudRate: PTY_BAUD_RATE }));
  return {
    name,
    master,
    large,
    close: async () => {
      await master.close();
      slave.stop();
    },
  };
}

async function overCamera() {
  const camera = await startVirtualCamera({
    mainPath: join(here, "peers", "echo_main.py"),
    link: { kind: "pty" },
    onOutput: (text) => process.stderr.write(text),
  });
  const master = createMaster(await openUart({ path: camera.path, baudRate: PTY_BAUD_RATE }));
  await master.call("echo", EMPTY, { sendTimeoutMs: 10_000 });
  return {
    name: "virtual camera on a pseudo terminal",
    master,
    large: false,
    close: async () => {
      await master.close();
      await camera.stop();
    },
  };
}
