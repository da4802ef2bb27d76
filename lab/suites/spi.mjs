// The SPI link through the kernel's spidev, with a slave in another process: what every link must do.
import { openSpi } from "@rpcgen/runtime/spi";
import { describeLink } from "@rpcgen/runtime/testing";
import { startBus } from "./bus-process.mjs";
import { describeRecorded } from "./describe-recorded.mjs";
import { startFarEnd } from "./far-end.mjs";
import { tools } from "./test-tools.mjs";

const SOCKET = "/run/spi-bus";
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
  { soonMs: 60_000 },
);

describeRecorded("spi", {
  far,
  openMaster: () => openSpi({ bus: 9, device: 0 }),
  openSlave: () => far.open(SLAVE, "openSpiSlave", [SOCKET]),
  slaveEnd: ["spi", [SOCKET]],
});
