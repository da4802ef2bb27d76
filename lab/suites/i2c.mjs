// The I2C link through the kernel's i2c-dev, with a target in another process: what every link must do.
import { openI2c } from "@rpcgen/runtime/i2c";
import { describeLink } from "@rpcgen/runtime/testing";
import { describeI2cFailures } from "./bus-failures.mjs";
import { findI2cBus, startBus, whileI2cBus } from "./bus-process.mjs";
import { describeFigures } from "./describe-figures.mjs";
import { describeMicroPython } from "./describe-micropython.mjs";
import { describeRecorded } from "./describe-recorded.mjs";
import { startFarEnd } from "./far-end.mjs";
import { tools } from "./test-tools.mjs";

const SOCKET = "/run/i2c-bus";
const ADDRESS = 0x12;
/** What i2c-dev moves in one transaction. */
const LARGEST = 8192;
/** By the clock of a guest that is never late; a read in vain is many transactions, each emulated. */
const FRAME_MS = 1000;
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
  { soonMs: 300_000 },
);

const ends = {
  far,
  openMaster: () => openI2c({ bus, address: ADDRESS }),
  openSlave: () => far.open(SLAVE, "openI2cTarget", [SOCKET, ADDRESS]),
};
describeRecorded("i2c", { ...ends, slaveEnd: ["i2c", [SOCKET, ADDRESS]], frameMs: FRAME_MS });

describeFigures("I2C", {
  ...ends,
  async counts(slave) {
    const { transactions, written, read } = await slave.counts();
    return { transactions, bytes: written + read };
  },
  unit: "transactions",
  largeBytes: 1024 * 1024,
});

describeI2cFailures();

describeMicroPython("I2C", {
  slave: `rpc.rpc_i2c_slave(slave_addr=${ADDRESS}, largest=${LARGEST})`,
  place: ["i2c"],
  openMaster: async () => openI2c({ bus: await findI2cBus(), address: ADDRESS }),
  async before() {
    adapter.close();
    await whileI2cBus();
  },
  mostPieces: 2,
  url: async () => `i2c://${await findI2cBus()}`,
});
