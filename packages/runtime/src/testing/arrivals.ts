/**
 * What is under way to one end of a line, and what has landed there and was not taken. Every byte's landing
 * time is known from the moment it is sent and never changes, and none overtakes another: so whoever waits
 * works out when to look again, and nothing happens for each byte.
 */

export interface Arrivals {
  /** Adds bytes behind all others; the first one lands at `firstAt`, the others `msPerByte` apart. Kept, not copied. */
  add(bytes: Uint8Array, firstAt: number, msPerByte: number): void;
  /** When the last byte so far lands; minus infinity if none was ever added. */
  readonly lastAt: number;
  /** How many bytes have landed by `at` and were not taken. */
  landedBy(at: number): number;
  /** When the byte with this index lands (0: the next one to be taken); infinity if it was not sent yet. */
  landsAt(index: number): number;
  /** Takes as many bytes as fit, in their order; they must be there. */
  take(into: Uint8Array): void;
  /** Loses `count` bytes, from the one with index `from` on. */
  lose(count: number, from?: number): void;
  /** Runs of bytes as they were sent, from the next one on. */
  readonly segments: readonly Segment[];
  /** Called when bytes were added; one listener at a time. */
  onAdd: (() => void) | null;
}

export interface Segment {
  readonly bytes: Uint8Array;
  /** The first byte of it that was not taken. */
  readonly start: number;
  /** The landing of `bytes[0]`. */
  readonly firstAt: number;
  readonly msPerByte: number;
}

/** Times are sums of fractions: two ways to the same moment may differ in the last digits. */
const SAME_MOMENT_MS = 1e-6;

export function createArrivals(): Arrivals {
  const segments: (Segment & { start: number })[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;

  const arrivals: Arrivals = {
    segments,
    onAdd: null,
    get lastAt() {
      return lastAt;
    },
    add(bytes, firstAt, msPerByte) {
      if (bytes.length === 0) return;
      segments.push({ bytes, start: 0, firstAt, msPerByte });
      lastAt = firstAt + (bytes.length - 1) * msPerByte;
      arrivals.onAdd?.();
    },
    landedBy(at) {
      let landed = 0;
      for (const segment of segments) {
        const ofSegment = landedOf(segment, at);
        landed += ofSegment;
        if (ofSegment < segment.bytes.length - segment.start) break;
      }
      return landed;
    },
    landsAt(index) {
      let left = index;
      for (const segment of segments) {
        const size = segment.bytes.length - segment.start;
        if (left < size) return landingOf(segment, segment.start + left);
        left -= size;
      }
      return Number.POSITIVE_INFINITY;
    },
    take(into) {
      let filled = 0;
      while (filled < into.length) {
        const segment = segments[0] as Segment & { start: number };
        const count = Math.min(into.length - filled, segment.bytes.length - segment.start);
        copy(segment, into, filled, count);
        filled += count;
        segment.start += count;
        if (segment.start === segment.bytes.length) segments.shift();
      }
    },
    lose(count, from = 0) {
      let skipped = 0;
      let left = count;
      for (let at = 0; at < segments.length && left > 0; ) {
        const segment = segments[at] as Segment & { start: number };
        const size = segment.bytes.length - segment.start;
        const before = Math.min(Math.max(from - skipped, 0), size);
        const lost = Math.min(left, size - before);
        skipped += before;
        left -= lost;
        if (lost === 0) at += 1;
        else at += cut(segments, at, before, lost);
      }
    },
  };
  return arrivals;
}

/** Packets are short: below this a loop is quicker than a view and its `set`. */
const FEW_BYTES = 24;

function copy({ bytes, start }: Segment, into: Uint8Array, at: number, count: number): void {
  if (count > FEW_BYTES) into.set(bytes.subarray(start, start + count), at);
  else for (let index = 0; index < count; index++) into[at + index] = bytes[start + index] as number;
}

export function landingOf({ firstAt, msPerByte }: Segment, index: number): number {
  return firstAt + index * msPerByte;
}

function landedOf(segment: Segment, at: number): number {
  const size = segment.bytes.length - segment.start;
  const sinceFirst = at - segment.firstAt + SAME_MOMENT_MS;
  if (sinceFirst < 0) return 0;
  if (segment.msPerByte === 0) return size;
  const landed = Math.floor(sinceFirst / segment.msPerByte) + 1 - segment.start;
  return Math.min(Math.max(landed, 0), size);
}

/** Takes `lost` bytes out of one segment, behind its first `before`; returns how many segments to step over. */
function cut(segments: (Segment & { start: number })[], at: number, before: number, lost: number): number {
  const segment = segments[at] as Segment & { start: number };
  const from = segment.start + before;
  const pieces: (Segment & { start: number })[] = [];
  if (before > 0) pieces.push({ ...segment, bytes: segment.bytes.subarray(0, from) });
  if (from + lost < segment.bytes.length) pieces.push({ ...segment, start: from + lost });
  segments.splice(at, 1, ...pieces);
  return before > 0 ? 1 : 0;
}
