/** What campaigns over buses do alike: a bus that is cut, a device that is unplugged for a while, links that come back. */
import type { VirtualClock } from "../../src/testing/index.js";
import type { LineFaults, LineOptions } from "./campaign-line.js";
import type { FaultDice } from "./fault-dice.js";

/** Quick enough for the rule of one second. */
export const RECONNECT = { firstPauseMs: 20, longestPauseMs: 200 } as const;
const LONGEST_UNPLUGGED_MS = 300;

/** The bus's faults; while they are dead, it is cut. */
export function faultsOf(dice: FaultDice, bus: { isCut: boolean }, tell?: LineOptions["tell"]): LineFaults {
  return Object.defineProperty(dice, "isDead", {
    get: () => bus.isCut,
    set(value: boolean) {
      tell?.(value ? "the bus is cut" : "the bus is whole");
      bus.isCut = value;
    },
  });
}

export interface Unplugging {
  readonly clock: VirtualClock;
  readonly dice: FaultDice;
  /** What is unplugged, as reports and traces call it. */
  readonly device: string;
  readonly rate: number;
  readonly tell: LineOptions["tell"];
}

/** Now and then the device is not there for a while. */
export function unplugSometimes(
  bus: { isUnplugged: boolean },
  { clock, dice, device, rate, tell }: Unplugging,
): void {
  if (!dice.happens(`${device}s unplugged`, rate)) return;
  tell?.(`the ${device} is unplugged`);
  bus.isUnplugged = true;
  clock.after(dice.random() * LONGEST_UNPLUGGED_MS, () => {
    tell?.(`the ${device} is back`);
    bus.isUnplugged = false;
  });
}
