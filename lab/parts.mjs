/**
 * What the laboratory consists of: each part runs one suite in one of the two guests, and says what the
 * guest's system needs for it. Parts that share a guest run one after the other in one start of it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./host/cache.mjs";
import { prepareExample } from "./host/example.mjs";
import { userModeLinux, virtualMachine } from "./host/guests.mjs";
import { prepareKernelModules } from "./host/kernel-modules.mjs";
import { prepareKernel, prepareUserModeLinux, writeInitrd } from "./host/kernels.mjs";
import { prepareNativePackages } from "./host/native-packages.mjs";

/** vcan drops frames where a socket's buffer is full: this holds a mebibyte in frames that nobody has read yet. */
const CAN_BUFFERS = "sysctl -qw net.core.rmem_max=268435456 net.core.rmem_default=268435456";
const CAN_TIMING = "type can bitrate 250000 sample-point 0.750";
/**
 * A process that a frame wakes waits for the end of the sender's time slice. Otherwise each frame of the cards, which
 * take no time for one, costs four changes of process, after each of which the emulation looks up pages and translated
 * code anew: a mebibyte takes a few times as long.
 */
const NOT_FRAME_BY_FRAME = "chrt --batch 0";

export const PARTS = [
  {
    name: "vcan",
    hasFigures: true,
    about: "CAN over vcan, in User Mode Linux",
    guest: "uml",
    setUp: [
      "modprobe vcan",
      "modprobe can-raw",
      "modprobe sch-netem",
      CAN_BUFFERS,
      "ip link add vcan0 type vcan",
      "ip link set vcan0 up",
    ],
    suite: "can.mjs",
    env: "NEAR=vcan0 FAR=vcan0",
  },
  {
    name: "cards",
    about: "CAN over two emulated cards with bit rates, error counters and bus-off, in QEMU",
    guest: "qemu",
    setUp: ["modprobe kvaser_pci", "modprobe can-raw", "insmod can_fault.ko", CAN_BUFFERS].concat(
      ["can0", "can1"].flatMap((card) => [
        `ip link set ${card} ${CAN_TIMING}`,
        `ip link set ${card} txqueuelen 1000 up`,
      ]),
    ),
    suite: "can.mjs",
    env: "NEAR=can0 FAR=can1",
    scheduler: NOT_FRAME_BY_FRAME,
  },
  {
    name: "i2c",
    hasFigures: true,
    about: "I2C over the kernel's i2c-dev, in QEMU",
    guest: "qemu",
    setUp: ["modprobe i2c-dev", "modprobe vhci-hcd", "modprobe i2c-tiny-usb"],
    suite: "i2c.mjs",
    env: "",
  },
  {
    name: "spi",
    hasFigures: true,
    about: "SPI over the kernel's spidev, in QEMU",
    guest: "qemu",
    setUp: ["insmod virtual_spi.ko"],
    suite: "spi.mjs",
    env: "",
  },
];

/** A suite may not hang the guest. */
const SUITE_SECONDS = 1200;

const GUESTS = [
  {
    name: "uml",
    cached: ["user-mode-linux"],
    async prepare(say) {
      say("User Mode Linux: getting it ready");
      const kernel = await prepareUserModeLinux();
      return { modules: kernel.modules, guest: (job) => userModeLinux(kernel, job) };
    },
  },
  {
    name: "qemu",
    cached: ["linux"],
    async prepare(say) {
      say("kernel for QEMU: getting it and our modules ready");
      const kernel = await prepareKernel();
      return {
        modules: await prepareKernelModules(kernel.release),
        guest: (job) => virtualMachine(kernel, job),
        prepare: (job) => writeInitrd(kernel.modules, join(job, "initrd")),
      };
    },
  },
];

/**
 * The guests that the named parts need: `isReady()` without a download, `prepare(say)` for `runGuest`. `run` is a
 * command in place of the suites; `figures` leaves everything else of them out.
 */
export function createGuests(partNames, { run, figures }) {
  const natives = once(() =>
    Promise.all([prepareNativePackages(), prepareExample()]).then(([packages]) => packages),
  );
  return GUESTS.map((guest) => ({
    ...guest,
    parts: PARTS.filter((part) => part.guest === guest.name && partNames.includes(part.name)),
  }))
    .filter(({ parts }) => parts.length > 0)
    .map(({ name, cached, parts, prepare }) => ({
      isReady: () => cached.every((folder) => existsSync(join(cache, folder))),
      async prepare(say) {
        const [prepared, packages] = await Promise.all([prepare(say), natives(say)]);
        return {
          ...prepared,
          name,
          script: jobScript(parts, { run, figures, packages, modules: prepared.modules }),
        };
      },
    }));
}

/** What the guest's shell runs: the system's part, then suite after suite. */
function jobScript(parts, { run, figures, packages, modules }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = ["status=0"];
  for (const { folder, build } of packages) {
    const inPlace = quoted(join(folder, "build"));
    lines.push(`rm -rf ${inPlace}; ln -s ${quoted(build)} ${inPlace}`);
  }
  for (const { name, setUp, suite, env, scheduler = "" } of parts) {
    for (const line of setUp) {
      const step = line
        .replace(/^modprobe /, "busybox modprobe ")
        .replace(/^insmod (\S+)/, (_, file) => `busybox insmod ${quoted(join(modules, file))}`);
      lines.push(`${step} || { echo "lab: ${name}: failed: ${line}"; status=1; }`);
    }
    if (run !== null) continue;
    const node = `${scheduler} node --expose-gc --test-reporter=./lab/suites/report.mjs lab/suites/${suite}`;
    lines.push(
      `PART=${name} FIGURES=${figures ? 1 : 0} ${env} busybox timeout -s KILL ${SUITE_SECONDS} ${node} || status=1`,
    );
  }
  if (run !== null) lines.push(`{ ${run}\n} || status=1`);
  return [...lines, "exit $status", ""].join("\n");
}

function once(work) {
  let result = null;
  return (say) => {
    if (result === null) {
      say("native packages: compiling them for this Node");
      result = work();
    }
    return result;
  };
}
