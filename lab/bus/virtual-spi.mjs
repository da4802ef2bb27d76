/**
 * The slave's side of the virtual SPI controller (lab/kernel/virtual_spi.c): takes transfer after transfer
 * from the kernel.
 */
import { open } from "node:fs/promises";

/** The module's `struct transfer_header`. */
const HEADER_BYTES = 16;
const HELD_AT = 13;
/** More than spidev's buffer is set to anywhere. */
const LARGEST_BYTES = 1 << 20;

/**
 * Resolves once the slave's side is open. `answer(received, isHeld)` resolves with what the slave sends in
 * the same transfer; `isHeld`: the next transfer belongs to the same chip-select frame. Both are as long.
 */
export async function serveVirtualSpi(answer) {
  const device = await open("/dev/virtual-spi", "r+");
  const buffer = Buffer.alloc(HEADER_BYTES + LARGEST_BYTES);
  const run = async () => {
    for (;;) {
      const { bytesRead } = await device.read(buffer, 0, buffer.length, null);
      await device.write(await answer(buffer.subarray(HEADER_BYTES, bytesRead), buffer[HELD_AT] === 1));
    }
  };
  run().catch((error) => {
    console.error(error);
    process.exit(1);
  });
}
