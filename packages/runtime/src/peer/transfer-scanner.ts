/**
 * Packets over links where a read is one transfer of the size that was asked for (I2C, SPI): nothing can be
 * searched, so the last of the expected packets is read, and read again while what comes is not it. A slave that got
 * something else has read across the transfers of its master: it lets go of what is left of them, to be in step again.
 */
import type { Clock } from "../clock.js";
import type { PushbackLink } from "../link/pushback-link.js";
import { decodePacket, type Magic, PACKET_OVERHEAD } from "../packet/packet.js";
import type { PacketScanner } from "./scan.js";

export function createTransferScanner(link: PushbackLink, clock: Clock): PacketScanner {
  let skippedBytes = 0;
  return {
    get skippedBytes() {
      return skippedBytes;
    },
    async next(expected, limits) {
      const wanted = expected.at(-1);
      if (wanted === undefined) return null;
      const until = Math.min(clock.now() + limits.waitMs, limits.deadline ?? Number.POSITIVE_INFINITY);
      const bytes = new Uint8Array(wanted.payloadBytes + PACKET_OVERHEAD);
      for (;;) {
        const leftMs = Math.max(0, until - clock.now());
        if (!(await link.getBytes(bytes, leftMs, limits.wake ?? limits.signal))) return null;
        const payload = decodePacket(bytes, wanted.magic as Magic);
        if (payload !== null) return { magic: wanted.magic, payload };
        skippedBytes += bytes.length;
        await link.flush();
        if (limits.onlyFirst === true || clock.now() >= until) return null;
      }
    },
  };
}
