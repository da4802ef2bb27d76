// The CAN link between two processes, on the interfaces NEAR and FAR: what every link must do.

import { openCan } from "@rpcgen/runtime/can";
import { describeLink } from "@rpcgen/runtime/testing";
import { describeCard, describeDowns } from "./can-faults.mjs";
import { describeExample } from "./describe-example.mjs";
import { describeRecorded } from "./describe-recorded.mjs";
import { startFarEnd } from "./far-end.mjs";
import { tools } from "./test-tools.mjs";

const { NEAR, FAR } = process.env;
/** An emulated processor takes a millisecond and more for each frame of an emulated card. */
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
  { soonMs: 120_000, ...(isVirtual ? {} : { mostBytes: 4096 }) },
);

describeRecorded("can", {
  far,
  openMaster: () => openCan({ interface: NEAR, ...LINE }),
  openSlave: () => far.open("@rpcgen/runtime/can", "openCan", [{ interface: FAR, ...LINE }]),
  slaveEnd: ["can", [FAR]],
});

const place = { near: NEAR, far: { process: far, interface: FAR }, line: LINE };
describeDowns(place);
if (!isVirtual) describeCard(place);

// An emulated processor and emulated cards have no time for pictures.
if (isVirtual) {
  describeExample("CAN", {
    slave: "rpc.rpc_can_slave(message_id=0x7FF, bit_rate=250000)",
    place: ["can", FAR],
    openMaster: () => openCan({ interface: NEAR, ...LINE }),
  });
}
