/**
 * Finds the next packet among whatever a line delivers: noise, halves of packets, late acknowledgements.
 * A peer says which packets it expects and how long their payloads are; everything else is skipped.
 *
 * A small packet that turns out damaged costs its first byte only, so a good one that starts inside it is
 * still found. A damaged argument or result is dropped whole: bytes of a person's data must never be
 * taken for packets. The one exception is named by the caller (`resync`): a slave looks there for the
 * header that it acknowledged, because that is what a master repeats when its data got lost on the way.
 */
import type { Clock } from "../clock.js";
import type { PushbackLink } from "../link/pushback-link.js";
import { crc16 } from "../packet/crc16.js";
import { CRC_BYTES, MAGIC_BYTES, Magic, readU16 } from "../packet/packet.js";
import { fill } from "./fill.js";
import type { Expectation, Packet, PacketScanner, ScanLimits } from "./scan.js";

/**
 * Within a packet, a pause longer than this is a gap: bytes were lost. Adapters and hosts may stutter; the longer a
 * result, the likelier it meets such a moment, and a stock slave gives it only once. A slave that reads an argument
 * is not so patient: a master that begins again keeps quiet for a little more than 100 ms before it.
 */
const GAP_MS = 100;
const GAP_BYTES_PER_MS = 64;
const LONGEST_GAP_MS = 500;
const gapMsOf = ({ magic, payloadBytes }: Expectation): number =>
  magic === Magic.RESULT_DATA ? Math.min(GAP_MS + payloadBytes / GAP_BYTES_PER_MS, LONGEST_GAP_MS) : GAP_MS;
/** Two parts of a packet may be held up one after the other. */
const STALLS = 2;
/** Noise is searched through in blocks, not byte by byte. */
const BLOCK_BYTES = 4096;

const NOTHING = new Uint8Array(0);

/** For links that deliver bytes as they come. */
export function createStreamScanner(link: PushbackLink, clock: Clock): PacketScanner {
  let skippedBytes = 0;
  /** Where nothing is lost, the rest of a packet comes once a stall is over. */
  const stalledMs = () => STALLS * (link.traits.stallsMs ?? 0);
  const start = new Uint8Array(MAGIC_BYTES);
  const block = new Uint8Array(BLOCK_BYTES);
  /** What follows the magic of a packet without payload, as most are. */
  const crcAlone = new Uint8Array(CRC_BYTES);

  /** Skips to the first bytes that could start an expected packet and leaves `link` just behind its magic. */
  async function findStart(
    expected: readonly Expectation[],
    until: number,
    signal?: AbortSignal,
  ): Promise<Expectation | null> {
    for (;;) {
      if (!(await link.getBytes(start, Math.max(0, until - clock.now()), signal))) return null;
      const magic = readU16(start, 0);
      const found = expected.find((each) => each.magic === magic);
      if (found !== undefined) return found;
      link.unread(start.subarray(1));
      skippedBytes += 1;
      if (clock.now() > until) return null;
      await skipNoise(expected);
    }
  }

  async function skipNoise(expected: readonly Expectation[]): Promise<void> {
    const bytes = block.subarray(0, Math.min(link.available, BLOCK_BYTES));
    if (bytes.length < MAGIC_BYTES || !(await link.getBytes(bytes, 0))) return;
    let at = 0;
    while (at < bytes.length - 1 && !expected.some((each) => each.magic === readU16(bytes, at))) at += 1;
    link.unread(bytes.subarray(at));
    skippedBytes += at;
  }

  /** The packet whose magic was just read, or null if it is damaged; then the scan goes on. */
  async function readRest(kind: Expectation, limits: ScanLimits): Promise<Packet | null> {
    const rest = kind.payloadBytes === 0 ? crcAlone : new Uint8Array(kind.payloadBytes + CRC_BYTES);
    const filled = await fill(link, clock, rest, { gapMs: gapMsOf(kind) + stalledMs(), ...limits });
    if (filled === rest.length) {
      // The magic is what was read last.
      const crc = crc16(rest, crc16(start), 0, kind.payloadBytes);
      if (crc === readU16(rest, kind.payloadBytes)) {
        const payload = kind.payloadBytes === 0 ? NOTHING : rest.subarray(0, kind.payloadBytes);
        return { magic: kind.magic, payload };
      }
    }
    const read = rest.subarray(0, filled);
    skippedBytes += MAGIC_BYTES;
    if (kind.resync !== undefined) link.unread(read.subarray(indexOfPattern(read, kind.resync)));
    else {
      link.unread(read);
      link.unread(magicBytes(kind.magic).subarray(1));
    }
    return null;
  }

  return {
    get skippedBytes() {
      return skippedBytes;
    },
    async next(expected, limits) {
      const until = Math.min(clock.now() + limits.waitMs, limits.deadline ?? Number.POSITIVE_INFINITY);
      for (;;) {
        const kind = await findStart(expected, until, limits.wake ?? limits.signal);
        if (kind === null) return null;
        const packet = await readRest(kind, limits);
        if (packet !== null) return packet;
        if (limits.signal?.aborted || clock.now() > until) return null;
      }
    },
  };
}

function magicBytes(magic: number): Uint8Array {
  return Uint8Array.of(magic & 0xff, magic >> 8);
}

/** Where `pattern` starts in `bytes`, or where a beginning of it ends them; else their end. */
function indexOfPattern(bytes: Uint8Array, pattern: Uint8Array): number {
  if (pattern.length === 0) return bytes.length;
  for (
    let at = bytes.indexOf(pattern[0] as number);
    at >= 0;
    at = bytes.indexOf(pattern[0] as number, at + 1)
  ) {
    const end = Math.min(pattern.length, bytes.length - at);
    let same = 1;
    while (same < end && bytes[at + same] === pattern[same]) same += 1;
    if (same === end) return at;
  }
  return bytes.length;
}
