/** The part of `_board` that `machine.I2C`, `machine.I2CTarget`, `machine.SPI` and `pyb.SPI` are built on. */
import type { BusBoardEnd } from "./bus-channel.js";
import type { PythonMemory } from "./python-memory.js";

export interface BusFunctionsOptions {
  readonly bus: BusBoardEnd;
  readonly memory: PythonMemory;
  /** Called before the thread blocks. */
  readonly beforeWait: () => void;
  /** Called with what a transfer has moved. */
  readonly onMoved: (byteLength: number) => void;
}

export function createBusFunctions({ bus, memory, beforeWait, onMoved }: BusFunctionsOptions) {
  return {
    bus_open(address: number, at: number, byteLength: number): void {
      bus.openTarget(address, memory.view(at, byteLength));
    },
    bus_ends(at: number, byteLength: number): number {
      const ends = bus.takeEnds(memory.view(at, byteLength));
      if (ends !== 0) onMoved(byteLength);
      return ends;
    },
    bus_again: (): void => bus.answerAgain(),
    bus_close: (): void => bus.closeTarget(),
    bus_selected(timeoutMs: number): boolean {
      if (bus.waitForSelect(0)) return true;
      beforeWait();
      return bus.waitForSelect(timeoutMs);
    },
    /** Both buffers of one length, and they may be one. Returns whether all of it was clocked in time. */
    bus_shift(outAt: number, intoAt: number, byteLength: number, timeoutMs: number): boolean {
      onMoved(byteLength);
      const out = memory.view(outAt, byteLength).slice();
      return bus.shift(out, memory.view(intoAt, byteLength), timeoutMs) >= byteLength;
    },
    /** As master; a length of 0 leaves that direction out. Returns whether somebody acknowledged. */
    bus_transact(
      address: number,
      sentAt: number,
      sentLength: number,
      intoAt: number,
      intoLength: number,
    ): boolean {
      beforeWait();
      const sent = sentLength === 0 ? null : memory.view(sentAt, sentLength).slice();
      const received = bus.transact({ address, sent, receivedLength: intoLength });
      if (received === null) return false;
      memory.view(intoAt, intoLength).set(received.subarray(0, intoLength));
      return true;
    },
  };
}
