// The SPI link through the kernel's spidev, with a slave in another process: what every link must do.
import { openSpi } from "@rpcgen/runtime/spi";
import { describeLink } from "@rpcgen/runtime/testing";
import { describeSpiFailures } from "./bus-failures.mjs";
import { startBus } from "./bus-process.mjs";
import { describeFigures } from "./describe-figures.mjs";
import { describeMicroPython } from "./describe-micropython.mjs";
import { describeRecorded } from "./describe-recorded.mjs";
import { startFarEnd } from "./far-end.mjs";
import { tools } from "./test-tools.mjs";

const SOCKET = "/run/spi-bus";
/** By the clock of a guest that is never late; a read in vain is many transactions, each emulated. */
const FRAME_MS = 1000;
const SLAVE = new URL("../bus/slave-link.mjs", import.meta.url).href;

const controller = await startBus("spi-bus.mjs", [SOCKET]);
const far = startFarEnd();
tools.after(() => {
  far.close();
  controller.close();
});

describeLink(
  "SPI",
  async () => {
    const b = await far.open(SLAVE, "openSpiSlave", [SOCKET]);
    const a = await openSpi({ bus: 9, device: 0 });
    const dispose = () => Promise.all([a.close(), b.close()]).then(() => {});
    return { a, b, ready: () => b.counts(), run: (work) => work, dispose };
  },
  tools,
  { soonMs: 300_000 },
);

const ends = {
  far,
  openMaster: () => openSpi({ bus: 9, device: 0 }),
  openSlave: () => far.open(SLAVE, "openSpiSlave", [SOCKET]),
};
describeRecorded("spi", { ...ends, slaveEnd: ["spi", [SOCKET]], frameMs: FRAME_MS });

describeFigures("SPI", {
  ...ends,
  async counts(slave) {
    const { transactions, read } = await slave.counts();
    return { transactions, bytes: read };
  },
  unit: "chip-select frames",
  largeBytes: 1024 * 1024,
});

describeSpiFailures({
  bus: 9,
  device: 0,
  openMaster: (options) => openSpi({ bus: 9, device: 0, ...options }),
});

describeMicroPython("SPI", {
  slave: "rpc.rpc_spi_slave()",
  place: ["spi"],
  openMaster: ends.openMaster,
  before: async () => controller.close(),
  mostPieces: 2,
  url: async () => "spi://9.0",
});
