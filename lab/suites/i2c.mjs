// The I2C link through the kernel's i2c-dev, with a target in another process: what every link must do.
import { openI2c } from "@rpcgen/runtime/i2c";
import { describeLink } from "@rpcgen/runtime/testing";
import { findI2cBus, startBus } from "./bus-process.mjs";
import { describeRecorded } from "./describe-recorded.mjs";
import { startFarEnd } from "./far-end.mjs";
import { tools } from "./test-tools.mjs";

const SOCKET = "/run/i2c-bus";
const ADDRESS = 0x12;
const SLAVE = new URL("../bus/slave-link.mjs", import.meta.url).href;

const adapter = await startBus("i2c-bus.mjs", [SOCKET]);
const bus = await findI2cBus();
const far = startFarEnd();
tools.after(() => {
  far.close();
  adapter.close();
});

describeLink(
  "I2C",
  async () => {
    const b = await far.open(SLAVE, "openI2cTarget", [SOCKET, ADDRESS]);
    const a = await openI2c({ bus, address: ADDRESS });
    const dispose = () => Promise.all([a.close(), b.close()]).then(() => {});
    return { a, b, ready: () => b.counts(), run: (work) => work, dispose };
  },
  tools,
  { soonMs: 60_000 },
);

describeRecorded("i2c", {
  far,
  openMaster: () => openI2c({ bus, address: ADDRESS }),
  openSlave: () => far.open(SLAVE, "openI2cTarget", [SOCKET, ADDRESS]),
  slaveEnd: ["i2c", [SOCKET, ADDRESS]],
});
