/** The JavaScript module `_board`: what the Python files of the board build `machine`, `time` and others on. */
import type { BoardClock } from "./board-clock.js";
import { createBusFunctions } from "./bus-functions.js";
import type { GarbageCollector } from "./garbage-collector.js";
import type { PythonMemory } from "./python-memory.js";
import { type BoardWire, UNWIRED_BYTES } from "./wire.js";

/** Garbage is collected after this many bytes went over a wire, or … */
const COLLECT_AFTER_BYTES = 2 << 20;
/** … at the first wait after this time. */
const COLLECT_AFTER_MS = 2000;
/** A host's scheduler is coarser than a UART's character time. */
const SHORTEST_CHARACTER_TIMEOUT_MS = 1;
/** How long `machine.idle()` sleeps at the most, as a board does until its next tick. */
const TICK_MS = 1;
/** MicroPython's ticks wrap here. */
const TICKS_PERIOD = 2 ** 30;

export interface BoardModuleOptions {
  readonly wire: BoardWire;
  readonly clock: BoardClock;
  readonly memory: PythonMemory;
  readonly garbage: GarbageCollector;
  /** Called before the thread blocks: the moment to show what was printed. */
  readonly onWait: () => void;
}

export function createBoardModule({ wire, clock, memory, garbage, onWait }: BoardModuleOptions) {
  const bytes = "bytes" in wire ? wire.bytes : UNWIRED_BYTES;
  let movedBytes = 0;
  let collectedAt = clock.now();

  const collect = (): void => {
    garbage.collect();
    movedBytes = 0;
    collectedAt = clock.now();
  };
  const collectIfDue = (waits: boolean): void => {
    if (movedBytes > COLLECT_AFTER_BYTES || (waits && clock.now() - collectedAt > COLLECT_AFTER_MS)) {
      collect();
    }
  };
  const beforeWait = (): void => {
    onWait();
    collectIfDue(true);
  };
  const onMoved = (byteLength: number): void => {
    movedBytes += byteLength;
    collectIfDue(false);
  };
  /** Waits for bytes; where there can be none, the time passes. */
  const waitForBytes = (timeoutMs: number): boolean => {
    if (bytes.available() === 0) beforeWait();
    if (bytes !== UNWIRED_BYTES) return bytes.waitForData(timeoutMs);
    clock.sleep(timeoutMs);
    return false;
  };

  return {
    collect,
    /** Which port of the board is wired. */
    wire: (): string => wire.kind,
    ticks_ms: (): number => Math.floor(clock.now()) % TICKS_PERIOD,
    ticks_us: (): number => Math.floor(clock.now() * 1000) % TICKS_PERIOD,
    sleep_ms(ms: number): void {
      beforeWait();
      clock.sleep(ms);
    },
    idle(): void {
      if ("bytes" in wire) waitForBytes(TICK_MS);
      else {
        beforeWait();
        wire.bus.wait(TICK_MS);
      }
    },
    wire_any: (): number => bytes.available(),
    /** Waits until there is a byte; false if none came in time. */
    wire_wait: waitForBytes,
    /** Fills the buffer until it is full or the line is silent for too long; returns how many bytes. */
    wire_read(address: number, byteLength: number, timeoutMs: number, characterTimeoutMs: number): number {
      if (bytes.available() < byteLength) beforeWait();
      let count = 0;
      let patienceMs = timeoutMs;
      while (count < byteLength && bytes.waitForData(patienceMs)) {
        // Looked up anew each time: collecting garbage may have grown and moved the memory.
        count += bytes.take(memory.view(address + count, byteLength - count));
        patienceMs = Math.max(SHORTEST_CHARACTER_TIMEOUT_MS, characterTimeoutMs);
      }
      movedBytes += count;
      return count;
    },
    wire_write(address: number, byteLength: number): void {
      onMoved(byteLength);
      bytes.send(memory.view(address, byteLength));
    },
    /** The same, with a limit to the wait for room; whether it went. For pieces that go whole or not at all. */
    wire_offer(address: number, byteLength: number, timeoutMs: number): boolean {
      onMoved(byteLength);
      return bytes.send(memory.view(address, byteLength), timeoutMs);
    },
    wire_connection: (): number => bytes.connection(),
    wire_hang_up: (): void => bytes.hangUp(),
    ...("bus" in wire ? createBusFunctions({ bus: wire.bus, memory, beforeWait, onMoved }) : {}),
  };
}
