// Several links on one interface, and a transmit queue that has no room: what the kernel makes of it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createMaster, RpcError } from "@rpcgen/runtime";
import { openCan } from "@rpcgen/runtime/can";
import { listPorts, openLink } from "@rpcgen/runtime/links";
import { HOLD_MS } from "./recorded-functions.mjs";
import { tools } from "./test-tools.mjs";

const SOON_MS = 60_000;
const PATIENT = { sendTimeoutMs: SOON_MS, recvTimeoutMs: SOON_MS };
const IDS = [0x100, 0x101, 0x7ff];

/** `near`, `far`, `line` as for `describeDowns`; so many `calls` of each master. */
export function describeTraffic({ near, far, line, calls }) {
  tools.describe(`${near}: links and queues`, () => {
    tools.it("keeps masters and slaves with different ids apart on one interface", async () => {
      const pairs = await Promise.all(IDS.map((messageId) => openPair({ near, far, line, messageId })));
      try {
        await Promise.all(pairs.map(({ master, messageId }) => callAll(master, messageId, calls)));
      } finally {
        await Promise.all(pairs.map(({ close }) => close()));
      }
    });

    tools.it("is listed, and opened by its URL", async () => {
      const port = (await listPorts()).find(({ url }) => url.startsWith(`can://${near}`));
      assert.ok(port !== undefined, "listPorts() does not have it");
      const pair = await openPair({ near, far, line, messageId: 0x7ff, open: () => openLink(port.url) });
      try {
        await callAll(pair.master, 1, calls);
      } finally {
        await pair.close();
      }
    });
  });
}

/** On an interface whose queue the kernel can be told to fill (netem). */
export function describeFullQueue({ near, far, line }) {
  const queue = (...args) => execFileSync("tc", ["qdisc", "add", "dev", near, "root", "netem", ...args]);
  const noQueue = () => execFileSync("tc", ["qdisc", "del", "dev", near, "root"]);

  tools.describe(`${near}: a transmit queue without room`, () => {
    tools.it("is waited for, and every frame goes out once and in its order", async () => {
      const a = await openCan({ interface: near, ...line });
      const b = await far.process.open("@rpcgen/runtime/can", "openCan", [{ interface: near, ...line }]);
      queue("limit", "4", "rate", "250kbit");
      try {
        const data = new Uint8Array(2048).map((_, index) => index * 31);
        const into = new Uint8Array(data.length);
        const reading = b.getBytes(into, SOON_MS);
        assert.equal(await a.putBytes(data, SOON_MS), true);
        assert.equal(await reading, true);
        assert.deepEqual(into, data);
      } finally {
        noQueue();
        await Promise.all([a.close(), b.close()]);
      }
    });

    tools.it("is an error of its own where it stays full, and the link goes on when it is not", async () => {
      const a = await openCan({ interface: near, ...line });
      const b = await far.process.open("@rpcgen/runtime/can", "openCan", [{ interface: near, ...line }]);
      try {
        queue("limit", "3", "delay", "100s");
        const error = await a.putBytes(new Uint8Array(100), 300).then(
          () => null,
          (reason) => reason,
        );
        noQueue();
        assert.ok(error instanceof RpcError, `${error}`);
        assert.equal(error.code, "link-failure");
        assert.match(error.message, new RegExp(`ENOBUFS.*ip link set ${near} txqueuelen`));
        assert.equal(await a.putBytes(Uint8Array.of(7), SOON_MS), true);
        const into = new Uint8Array(1);
        // What was queued may go out before it.
        do assert.equal(await b.getBytes(into, SOON_MS), true);
        while (into[0] === 0);
        assert.equal(into[0], 7);
      } finally {
        await Promise.all([a.close(), b.close()]);
      }
    });
  });
}

async function openPair({ near, far, line, messageId, open = null }) {
  const options = { interface: far.interface, ...line, messageId };
  const slave = await far.process.open("@rpcgen/runtime/can", "openCan", [options]);
  await far.process.start(
    slave,
    new URL("recorded-functions.mjs", import.meta.url).href,
    "serveRecordedFunctions",
  );
  const link = open === null ? await openCan({ interface: near, ...line, messageId }) : await open();
  const master = createMaster(link, { peerHoldMs: HOLD_MS });
  return { master, messageId, close: () => Promise.all([master.close(), slave.close()]) };
}

async function callAll(master, seed, calls) {
  for (let call = 0; call < calls; call += 1) {
    const argument = Uint8Array.from({ length: call * 3 }, (_, index) => seed + call + index);
    assert.deepEqual(await master.call("echo", argument, PATIENT), argument);
  }
}
