// What a CAN interface can do to a link: down, gone, off the bus. The kernel's own answers, on NEAR.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createMaster, RpcError } from "@rpcgen/runtime";
import { openCan } from "@rpcgen/runtime/can";
import { HOLD_MS } from "./recorded-functions.mjs";
import { tools } from "./test-tools.mjs";

const SOON_MS = 20_000;
/** An emulated processor on a busy machine. */
const PATIENT = { sendTimeoutMs: SOON_MS, recvTimeoutMs: SOON_MS };
const SLOW_PEER = { peerHoldMs: HOLD_MS };
const ip = (...args) => execFileSync("ip", args, { encoding: "utf8" });
const down = (name) => ip("link", "set", name, "down");
const up = (name) => ip("link", "set", name, "up");

/** Counts of errors as the controller of a card would report them (lab/kernel/can_fault.c). */
const setErrors = (name, sent, received) => writeFileSync("/dev/can-fault", `${name} ${sent} ${received}`);
const stateOf = (name) =>
  JSON.parse(ip("-json", "-details", "link", "show", name))[0].linkinfo.info_data.state;

/** Calls until an answer comes; each failure before it must be an honest one. */
async function echoAgain(master, byte) {
  const until = Date.now() + SOON_MS;
  for (;;) {
    try {
      return await master.call("echo", Uint8Array.of(byte), { sendTimeoutMs: 2000, recvTimeoutMs: 2000 });
    } catch (error) {
      assert.ok(error instanceof RpcError && error.code !== "not-registered", `${error}`);
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function failureOf(work) {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof RpcError, `${error}`);
    return error;
  }
  assert.fail("it did not fail");
}

/** On any interface. */
export function describeDowns({ near, far, line }) {
  tools.describe(`${near}: an interface that comes and goes`, () => {
    tools.it("is not opened while it is down, and the error says how to take it up", async () => {
      down(near);
      try {
        const error = await failureOf(openCan({ interface: near, ...line }));
        assert.equal(error.code, "link-failure");
        assert.match(error.message, new RegExp(`ip link set ${near} .*up`));
      } finally {
        up(near);
      }
    });

    tools.it("ends a read that waits when it is taken down", async () => {
      const link = await openCan({ interface: near, ...line });
      const reading = failureOf(link.getBytes(new Uint8Array(4), SOON_MS));
      down(near);
      const error = await reading;
      up(near);
      await link.close();
      assert.equal(error.code, "closed");
      assert.match(error.message, /ENETDOWN|taken down/);
    });

    tools.it("comes back by itself, and the next call works", async () => {
      const slave = await openEcho(far, line);
      const link = await openCan({
        interface: near,
        ...line,
        reconnect: { firstPauseMs: 10, longestPauseMs: 50 },
      });
      const master = createMaster(link, SLOW_PEER);
      try {
        assert.deepEqual(await master.call("echo", Uint8Array.of(1), PATIENT), Uint8Array.of(1));
        down(near);
        await failureOf(master.call("echo", Uint8Array.of(2), { sendTimeoutMs: 200, recvTimeoutMs: 200 }));
        up(near);
        assert.deepEqual(await echoAgain(master, 3), Uint8Array.of(3));
      } finally {
        await master.close();
        await slave.close();
      }
    });
  });
}

/** On a card, with the kernel's bit rates and states. */
export function describeCard({ near, far, line }) {
  tools.describe(`${near}: a card`, () => {
    tools.it("is not opened at another bit rate than its own", async () => {
      const error = await failureOf(openCan({ interface: near, bitRate: 500_000 }));
      assert.equal(error.code, "link-failure");
      assert.match(error.message, /runs at 250000 bit\/s, not at 500000/);
    });

    tools.it("is not opened at another sample point than its own", async () => {
      const error = await failureOf(openCan({ interface: near, ...line, samplePoint: 50 }));
      assert.match(error.message, /samples at 75 %, not at 50 %/);
    });

    tools.it("gets bit rate and sample point set where that is asked for", async () => {
      down(near);
      ip("link", "set", near, "type", "can", "bitrate", "125000");
      const link = await openCan({ interface: near, bitRate: 250_000, samplePoint: 75, configure: true });
      const { bittiming } = JSON.parse(ip("-json", "-details", "link", "show", near))[0].linkinfo.info_data;
      await link.close();
      assert.deepEqual([bittiming.bitrate, bittiming.sample_point], [250_000, "0.750"]);
    });

    tools.it("goes on while its controller counts errors and is passive", async () => {
      const slave = await openEcho(far, line);
      const master = createMaster(await openCan({ interface: near, ...line }), SLOW_PEER);
      try {
        for (const [sent, received, state] of [
          [100, 0, "ERROR-WARNING"],
          [100, 130, "ERROR-PASSIVE"],
          [0, 0, "ERROR-ACTIVE"],
        ]) {
          setErrors(near, sent, received);
          assert.equal(stateOf(near), state);
          assert.deepEqual(await master.call("echo", Uint8Array.of(sent), PATIENT), Uint8Array.of(sent));
        }
      } finally {
        await master.close();
        await slave.close();
      }
    });

    tools.it(
      "ends the link with a clear error when it goes off the bus, and opens after a restart",
      async () => {
        down(near);
        ip("link", "set", near, "type", "can", "restart-ms", "0");
        up(near);
        const link = await openCan({ interface: near, ...line });
        const reading = failureOf(link.getBytes(new Uint8Array(4), SOON_MS));
        setErrors(near, 256, 0);
        const error = await reading;
        await link.close();
        assert.equal(stateOf(near), "BUS-OFF");
        assert.equal(error.code, "link-failure");
        assert.match(error.message, new RegExp(`bus-off.*ip link set ${near} type can restart`));
        assert.match((await failureOf(openCan({ interface: near, ...line }))).message, /bus-off/);
        ip("link", "set", near, "type", "can", "restart");
        await (await openCan({ interface: near, ...line })).close();
      },
    );

    tools.it("comes back by itself after bus-off where the kernel restarts the card", async () => {
      down(near);
      ip("link", "set", near, "type", "can", "restart-ms", "100");
      up(near);
      const slave = await openEcho(far, line);
      const master = createMaster(
        await openCan({ interface: near, ...line, reconnect: { firstPauseMs: 20 } }),
        SLOW_PEER,
      );
      try {
        assert.deepEqual(await master.call("echo", Uint8Array.of(1), PATIENT), Uint8Array.of(1));
        setErrors(near, 256, 0);
        await failureOf(master.call("echo", Uint8Array.of(2), { sendTimeoutMs: 50, recvTimeoutMs: 50 }));
        assert.deepEqual(await echoAgain(master, 3), Uint8Array.of(3));
      } finally {
        await master.close();
        await slave.close();
      }
    });

    tools.it("ends the link when its driver goes, as when a USB card is pulled out", async () => {
      const link = await openCan({ interface: near, ...line });
      const reading = failureOf(link.getBytes(new Uint8Array(4), SOON_MS));
      execFileSync("busybox", ["rmmod", "kvaser_pci"]);
      const error = await reading;
      await link.close();
      assert.equal(error.code, "closed");
      const again = await failureOf(openCan({ interface: near, ...line }));
      assert.match(again.message, /no such CAN interface/);
    });
  });
}

/** A slave at the far end that answers `echo`; its link, to be closed. */
async function openEcho(far, line) {
  const options = { interface: far.interface, ...line, reconnect: { firstPauseMs: 10, longestPauseMs: 50 } };
  const link = await far.process.open("@rpcgen/runtime/can", "openCan", [options]);
  await far.process.start(
    link,
    new URL("recorded-functions.mjs", import.meta.url).href,
    "serveRecordedFunctions",
  );
  return link;
}
