/**
 * Packets over links where a read is one transfer of the size that was asked for (I2C, SPI): nothing can be
 * searched. The last of the expected packets is read, and read again while what comes is none of them. What
 * begins like a longer one was cut off by the read: the other side sends it again, so that is read next.
 */
import type { Clock } from "../clock.js";
import type { PushbackLink } from "../link/pushback-link.js";
import { decodePacket, type Magic, PACKET_OVERHEAD, readU16 } from "../packet/packet.js";
import type { Expectation, Packet, PacketScanner } from "./scan.js";

/** How soon a packet comes again that did not fit. */
const AGAIN_WITHIN_MS = 250;

export function createTransferScanner(link: PushbackLink, clock: Clock): PacketScanner {
  let skippedBytes = 0;
  return {
    get skippedBytes() {
      return skippedBytes;
    },
    async next(expected, limits) {
      const usual = expected.at(-1);
      if (usual === undefined) return null;
      const until = Math.min(clock.now() + limits.waitMs, limits.deadline ?? Number.POSITIVE_INFINITY);
      let cutOff: Expectation | null = null;
      let cutOffUntil = 0;
      for (;;) {
        const now = clock.now();
        if (now >= cutOffUntil) cutOff = null;
        const waitMs = Math.max(0, Math.min(until, cutOff === null ? until : cutOffUntil) - now);
        const wanted: Expectation = cutOff ?? usual;
        const bytes = new Uint8Array(wanted.payloadBytes + PACKET_OVERHEAD);
        if (await link.getBytes(bytes, waitMs, limits.wake ?? limits.signal)) {
          const packet = packetIn(bytes, expected);
          if (packet !== null) return packet;
          // Equal bytes are what a master clocks that only wants to hear.
          if (bytes.some((byte) => byte !== bytes[0])) skippedBytes += bytes.length;
          cutOff = expected.find((each) => isBeginning(bytes, each)) ?? cutOff;
          if (cutOff !== null) cutOffUntil = clock.now() + AGAIN_WITHIN_MS;
        } else if (cutOff === null || limits.wake?.aborted || limits.signal?.aborted) return null;
        if (clock.now() >= until) return null;
      }
    },
  };
}

/** The expected packet that the bytes are, or begin with: a target that waited for more gets the short one too. */
function packetIn(bytes: Uint8Array, expected: readonly Expectation[]): Packet | null {
  for (const { magic, payloadBytes } of expected) {
    if (payloadBytes + PACKET_OVERHEAD > bytes.length || readU16(bytes, 0) !== magic) continue;
    const payload = decodePacket(bytes.subarray(0, payloadBytes + PACKET_OVERHEAD), magic as Magic);
    if (payload !== null) return { magic, payload };
  }
  return null;
}

function isBeginning(bytes: Uint8Array, { magic, payloadBytes }: Expectation): boolean {
  return payloadBytes + PACKET_OVERHEAD > bytes.length && readU16(bytes, 0) === magic;
}
