/**
 * How the camera's own library reads a serial port: it ignores the timeout that it is given and waits about 2 ms
 * for the first byte and 2 to 4 ms between bytes, always; what came before a pause is lost. Its writes hold it
 * up until they are on the wire, and its receive buffer may be small. Works on the landing times of a line's
 * bytes, so a read costs one or two timers however many bytes it has, and a peer that nobody speaks to costs
 * nothing: the tries that it made in vain are worked out when something comes.
 */
import { landingOf } from "./arrivals.js";
import type { Random } from "./seeded-random.js";
import { STOPPED, type StockPort } from "./stock-port.js";
import type { LineEnd } from "./timed-line.js";

export interface StockUartOptions {
  readonly end: LineEnd;
  readonly random: Random;
  /** What the receive buffer holds while nobody reads; what comes beyond it is lost. Without limit by default. */
  readonly receiveBytes?: number;
}

const FIRST_BYTE_MS = 2;
const SHORTEST_GAP_MS = 2;
const LONGEST_GAP_MS = 4;

type Scan =
  | { readonly state: "whole" | "broken"; readonly at: number; readonly count: number }
  | { readonly state: "open"; readonly at: number };

export function createStockUart(options: StockUartOptions): StockPort {
  const { end, random, receiveBytes = Number.POSITIVE_INFINITY } = options;
  const { clock, arrivals } = end;
  let isStopped = false;
  let interrupt: (() => void) | null = null;

  /** Waits until `at`, or with `wakes` until bytes were sent, whichever is first. */
  function wait(at: number, wakes: boolean): Promise<void> {
    if (isStopped) return Promise.reject(STOPPED);
    if (at <= clock.now()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = () => {
        cancel();
        interrupt = null;
        arrivals.onAdd = null;
      };
      const wake = () => {
        settle();
        resolve();
      };
      const cancel = at === Number.POSITIVE_INFINITY ? () => {} : clock.after(at - clock.now(), wake);
      if (wakes) arrivals.onAdd = wake;
      interrupt = () => {
        settle();
        reject(STOPPED);
      };
    });
  }

  /** What a read that begins at `from` makes of the bytes that are known so far. */
  function scan(size: number, from: number, firstMs: number, gapMs: number): Scan {
    let count = 0;
    let lastAt = from;
    let patienceMs = firstMs;
    for (const segment of arrivals.segments) {
      const firstAt = Math.max(landingOf(segment, segment.start), from);
      if (firstAt > lastAt + patienceMs) break;
      const taken = Math.min(size - count, segment.bytes.length - segment.start);
      patienceMs = gapMs;
      if (segment.msPerByte > gapMs && taken > 1) {
        return { state: "broken", at: firstAt + gapMs, count: count + 1 };
      }
      count += taken;
      lastAt = Math.max(landingOf(segment, segment.start + taken - 1), from);
      if (count === size) return { state: "whole", at: lastAt, count };
    }
    const at = lastAt + patienceMs;
    // The next byte is known and too late, or the time is over: nothing sent from now on can change it.
    const isOver = arrivals.landsAt(count) < Number.POSITIVE_INFINITY || clock.now() >= at;
    return isOver ? { state: "broken", at, count } : { state: "open", at };
  }

  async function readFrom(size: number, from: number, firstMs: number): Promise<Uint8Array | null> {
    const gapMs = SHORTEST_GAP_MS + (LONGEST_GAP_MS - SHORTEST_GAP_MS) * random();
    const landed = arrivals.landedBy(from);
    if (landed > receiveBytes) arrivals.lose(landed - receiveBytes, receiveBytes);
    for (;;) {
      const found = scan(size, from, firstMs, gapMs);
      await wait(found.at, found.state === "open");
      if (found.state === "open") continue;
      if (found.state === "broken") {
        arrivals.lose(found.count);
        return null;
      }
      const bytes = new Uint8Array(size);
      arrivals.take(bytes);
      return bytes;
    }
  }

  return {
    async readAfterDiscard(size, garbageMs, until) {
      let from = clock.now() + garbageMs();
      for (;;) {
        arrivals.lose(arrivals.landedBy(from));
        const nextAt = arrivals.landsAt(0);
        const triedUntil = from + FIRST_BYTE_MS;
        if (nextAt <= triedUntil) return readFrom(size, from, FIRST_BYTE_MS);
        if (nextAt === Number.POSITIVE_INFINITY && clock.now() < triedUntil) {
          await wait(Math.max(triedUntil, until), true);
        } else if (triedUntil > until) {
          await wait(triedUntil, false);
          return "over";
        } else from = triedUntil + garbageMs();
      }
    },
    read: (size, { pollMs = FIRST_BYTE_MS } = {}) => readFrom(size, clock.now(), pollMs),
    discard() {
      arrivals.lose(arrivals.landedBy(clock.now()));
    },
    async put(bytes) {
      await wait(end.send(bytes), false);
      return true;
    },
    sleep: (ms) => wait(clock.now() + ms, false),
    stop() {
      isStopped = true;
      interrupt?.();
    },
  };
}
