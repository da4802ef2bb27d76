/** `npm run soak`: an hour of virtual time, and minutes of real time to the virtual camera on a pseudo terminal. */
import {
  createProgress,
  helpOption,
  numberOption,
  tableOf,
  textOption,
  writeReport,
} from "../../packages/runtime/test/calm/report.js";
import { soakCamera } from "./soak-camera.js";
import { soakVirtual } from "./soak-virtual.js";
import { unplugOften } from "./unplug-port.js";
import { networkSocket, ptySocket, tcpSocket } from "./unplug-sockets.js";

helpOption(
  `
npm run soak -- [--minutes 10] [--virtual-minutes 60] [--unplugs 100] [--seed 1] [--out .cache/reports/soak.md]

Makes calls and streams for --virtual-minutes of virtual time over a line that is a little bad, to our slave and to
a modelled stock slave, then for --minutes of real time to the virtual camera on a pseudo terminal, its port opened
anew again and again. Then a pseudo terminal, a TCP connection and a slave of the network go away and come back
--unplugs times during calls and streams. Memory must stay flat, nothing may be left, and each call must say truthfully
whether it ran. Exits 1 otherwise.`,
  ["minutes", "virtual-minutes", "unplugs", "seed", "out"],
);
const minutes = numberOption("minutes", 10);
const virtualMinutes = numberOption("virtual-minutes", 60);
const unplugs = numberOption("unplugs", 100);
const seed = numberOption("seed", 1);
const CALLS_PER_PORT = 400;
const SOCKETS = [
  ["pseudo terminal", ptySocket],
  ["TCP connection", tcpSocket],
  ["network", networkSocket],
] as const;
const MOST_GROWN_BYTES = 4 * 1024 * 1024;
const failures: string[] = [];
const rows: (string | number)[][] = [];
const megabytes = (bytes: number | undefined) => ((bytes ?? Number.NaN) / 1e6).toFixed(1);

for (const peer of virtualMinutes > 0 ? (["ours", "stock"] as const) : []) {
  const progress = createProgress(`virtual minutes, ${peer} slave`, virtualMinutes);
  const result = await soakVirtual(peer, virtualMinutes, seed, progress);
  note(
    `${virtualMinutes} virtual minutes, ${peer} slave`,
    result,
    result.timersLeft > 0 ? `${result.timersLeft} timers` : "",
  );
}
if (minutes > 0) {
  const until = performance.now() + minutes * 60_000;
  const progress = createProgress("seconds, virtual camera", minutes * 60);
  const result = await soakCamera(CALLS_PER_PORT, () => {
    const leftMs = until - performance.now();
    progress(Math.min(minutes * 60, Math.round(minutes * 60 - leftMs / 1000)));
    return leftMs > 0;
  });
  const left = Object.entries(result.resourcesLeft).map(([kind, count]) => `${count} × ${kind}`);
  note(
    `${minutes} minutes, virtual camera, ${result.reopened} ports, ${result.frames} frames`,
    result,
    left.join(", "),
  );
}
for (const [name, open] of unplugs > 0 ? SOCKETS : []) {
  const { calls, failed, frames, memory, resourcesLeft, failures: wrong } = await unplugOften(open, unplugs);
  const left = Object.entries(resourcesLeft).map(([kind, count]) => `${count} × ${kind}`);
  const result = { calls, answered: calls - failed, wrong: wrong.length, memory };
  note(`${name}, unplugged ${unplugs} times, ${frames} frames`, result, left.join(", "));
  failures.push(...wrong.map((each) => `${name}: ${each}`));
}
writeReport(
  textOption("out", ".cache/reports/soak.md"),
  `# Soak

Seed ${seed}. Memory is heap and buffers after a collection of garbage.

${tableOf(["run", "calls", "answered", "wrong", "memory, MB: second sample, last", "left behind"], rows)}

${failures.length === 0 ? "Memory stayed flat, and nothing was left." : failures.join("\n\n")}`,
);
for (const failure of failures) console.log(`FAILED  ${failure}`);
console.log(
  failures.length === 0 ? "Memory stayed flat, and nothing was left." : `${failures.length} failures`,
);
process.exit(failures.length === 0 ? 0 : 1);

function note(
  run: string,
  { calls, answered, wrong, memory }: Omit<Awaited<ReturnType<typeof soakVirtual>>, "timersLeft">,
  left: string,
): void {
  const { samples } = memory;
  rows.push([
    run,
    calls,
    answered,
    wrong,
    `${megabytes(samples[1])}, ${megabytes(samples.at(-1))}`,
    left || "nothing",
  ]);
  console.log(`${run}: ${answered} of ${calls} answered, ${megabytes(samples.at(-1))} MB at the end`);
  if (wrong > 0) failures.push(`${run}: ${wrong} wrong answers`);
  if (left !== "") failures.push(`${run}: left behind: ${left}`);
  if (memory.grownBytes() > MOST_GROWN_BYTES)
    failures.push(`${run}: grew by ${megabytes(memory.grownBytes())} MB`);
}
