// The CAN link between two processes, on the interfaces NEAR and FAR: what every link must do.

import { readFileSync } from "node:fs";
import { openCan } from "@rpcgen/runtime/can";
import { describeLink } from "@rpcgen/runtime/testing";
import { describeCard, describeDowns } from "./can-faults.mjs";
import { describeFlaps } from "./can-flaps.mjs";
import { describeFullQueue, describeTraffic } from "./can-traffic.mjs";
import { describeFigures } from "./describe-figures.mjs";
import { describeMicroPython } from "./describe-micropython.mjs";
import { describeRecorded } from "./describe-recorded.mjs";
import { startFarEnd } from "./far-end.mjs";
import { tools } from "./test-tools.mjs";

const { NEAR, FAR } = process.env;
const isVirtual = NEAR.startsWith("vcan");
const LINE = { bitRate: 250_000 };
const far = startFarEnd();
tools.after(() => far.close());

describeLink(
  `CAN on ${NEAR}`,
  async () => {
    const a = await openCan({ interface: NEAR, ...LINE });
    const b = await far.open("@rpcgen/runtime/can", "openCan", [{ interface: FAR, ...LINE }]);
    return { a, b, run: (work) => work, dispose: () => Promise.all([a.close(), b.close()]).then(() => {}) };
  },
  tools,
  { soonMs: 300_000 },
);

describeRecorded("can", {
  far,
  openMaster: () => openCan({ interface: NEAR, ...LINE }),
  openSlave: () => far.open("@rpcgen/runtime/can", "openCan", [{ interface: FAR, ...LINE }]),
  slaveEnd: ["can", [FAR]],
});

const place = { near: NEAR, far: { process: far, interface: FAR }, line: LINE };
describeTraffic({ ...place, calls: isVirtual ? 20 : 4 });
describeDowns(place);

// An emulated processor and emulated cards have no time for pictures, nor for a hundred starts.
if (isVirtual) {
  describeFigures("CAN", {
    far,
    openMaster: () => openCan({ interface: NEAR, ...LINE }),
    openSlave: () => far.open("@rpcgen/runtime/can", "openCan", [{ interface: FAR, ...LINE }]),
    counts: async () => ({ transactions: sentBy("packets"), bytes: sentBy("bytes") }),
    unit: "frames",
    largeBytes: 128 * 1024,
  });
  describeMicroPython("CAN", {
    slave: "rpc.rpc_can_slave(message_id=0x7FF, bit_rate=250000)",
    place: ["can", FAR],
    openMaster: () => openCan({ interface: NEAR, ...LINE }),
    url: async () => `can://${NEAR}`,
  });
  describeFullQueue(place);
  describeFlaps(place);
} else describeCard(place);

/** What both ends have sent, as the kernel counts it. */
function sentBy(what) {
  const read = (name) => Number(readFileSync(`/sys/class/net/${name}/statistics/tx_${what}`, "utf8"));
  return [...new Set([NEAR, FAR])].reduce((sum, name) => sum + read(name), 0);
}
