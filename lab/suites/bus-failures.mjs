/** What only a kernel can do to a link over I2C or SPI: the limits of spidev, an address or a device where nobody answers. */
import assert from "node:assert/strict";
import { createMaster, RpcError } from "@rpcgen/runtime";
import { listPorts, openLink } from "@rpcgen/runtime/links";
import { findI2cBus } from "./bus-process.mjs";
import { tools } from "./test-tools.mjs";

const SOON_MS = 60_000;
const NOBODY = 0x44;

export function describeI2cFailures() {
  tools.describe("I2C: what can go wrong", () => {
    tools.it("lists the bus, opens it by its URL, and ends a call to nobody in its time", async () => {
      const url = `i2c://${await findI2cBus()}`;
      assert.ok((await listPorts()).some((port) => port.kind === "i2c" && port.url === url));
      const master = createMaster(await openLink(`${url}?address=${NOBODY}`));
      try {
        const error = await failureOf(master.call("echo", new Uint8Array(3), { sendTimeoutMs: 300 }));
        assert.deepEqual([error.code, error.executed], ["timeout", "no"]);
      } finally {
        await master.close();
      }
    });
  });
}

/** `openMaster(options)` opens the device, which has a slave or none. */
export function describeSpiFailures({ bus, device, openMaster }) {
  tools.describe("SPI: what can go wrong", () => {
    tools.it("lists the device, opens it by its URL, and ends a call to nobody in its time", async () => {
      const url = `spi://${bus}.${device}`;
      assert.ok((await listPorts()).some((port) => port.kind === "spi" && port.url === url));
      const master = createMaster(await openLink(url));
      try {
        const error = await failureOf(master.call("echo", new Uint8Array(3), { sendTimeoutMs: 300 }));
        assert.deepEqual([error.code, error.executed], ["timeout", "no"]);
      } finally {
        await master.close();
      }
    });

    tools.it("names spidev's parameter where a transfer may not go out in parts", async () => {
      const link = await openMaster({ largeTransfers: "refuse" });
      try {
        const largest = link.traits.largestTransfer;
        assert.ok(largest > 0);
        assert.equal(await link.putBytes(new Uint8Array(largest), SOON_MS), true);
        const error = await failureOf(link.putBytes(new Uint8Array(largest + 1), SOON_MS));
        assert.equal(error.code, "link-failure");
        assert.match(
          error.message,
          new RegExp(`${largest + 1} bytes .* buffer of ${largest}; .*spidev\\.bufsiz=`),
        );
      } finally {
        await link.close();
      }
    });

    tools.it("says that there is no such device", async () => {
      const error = await failureOf(openLink("spi://7.3"));
      assert.equal(error.code, "link-failure");
      assert.match(error.message, /\/dev\/spidev7\.3: there is no such device/);
    });
  });
}

async function failureOf(work) {
  const error = await work.then(
    () => null,
    (reason) => reason,
  );
  assert.ok(error instanceof RpcError, `${error}`);
  return error;
}
