/** The JavaScript module `_board`: what the Python files of the board build `machine` and `time` on. */
import type { BoardClock } from "./board-clock.js";
import type { GarbageCollector } from "./garbage-collector.js";
import type { PythonMemory } from "./python-memory.js";
import type { UartBoardEnd } from "./uart-channel.js";

/** Garbage is collected after this many bytes went over the UART, or … */
const COLLECT_AFTER_BYTES = 2 << 20;
/** … at the first wait after this time. */
const COLLECT_AFTER_MS = 2000;
/** A host's scheduler is coarser than a UART's character time. */
const SHORTEST_CHARACTER_TIMEOUT_MS = 1;
/** MicroPython's ticks wrap here. */
const TICKS_PERIOD = 2 ** 30;

export interface BoardModuleOptions {
  readonly uart: UartBoardEnd;
  readonly clock: BoardClock;
  readonly memory: PythonMemory;
  readonly garbage: GarbageCollector;
  /** Called before the thread blocks: the moment to show what was printed. */
  readonly onWait: () => void;
}

export function createBoardModule({ uart, clock, memory, garbage, onWait }: BoardModuleOptions) {
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

  return {
    collect,
    ticks_ms: (): number => Math.floor(clock.now()) % TICKS_PERIOD,
    ticks_us: (): number => Math.floor(clock.now() * 1000) % TICKS_PERIOD,
    sleep_ms(ms: number): void {
      beforeWait();
      clock.sleep(ms);
    },
    uart_any: (): number => uart.available(),
    /** Waits until there is a byte; false if none came in time. */
    uart_wait(timeoutMs: number): boolean {
      if (uart.available() === 0) beforeWait();
      return uart.waitForData(timeoutMs);
    },
    /** Fills the buffer until it is full or the line is silent for too long; returns how many bytes. */
    uart_read(address: number, byteLength: number, timeoutMs: number, characterTimeoutMs: number): number {
      if (uart.available() < byteLength) beforeWait();
      let count = 0;
      let patienceMs = timeoutMs;
      while (count < byteLength && uart.waitForData(patienceMs)) {
        // Looked up anew each time: collecting garbage may have grown and moved the memory.
        count += uart.take(memory.view(address + count, byteLength - count));
        patienceMs = Math.max(SHORTEST_CHARACTER_TIMEOUT_MS, characterTimeoutMs);
      }
      movedBytes += count;
      return count;
    },
    uart_write(address: number, byteLength: number): void {
      movedBytes += byteLength;
      collectIfDue(false);
      uart.send(memory.view(address, byteLength));
    },
  };
}
