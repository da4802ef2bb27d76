/** What a MicroPython board is to the generator: which links it has, by which numbers, and what it can hold. */

export const LINK_NAMES = ["uart", "can", "i2c", "spi", "usb", "tcp"] as const;
export type LinkName = (typeof LINK_NAMES)[number];

/** A bus as a script on the board names it. */
export interface BoardBus {
  /** Python: the number that the constructor takes, or a name in quotes. */
  readonly id: string;
  /** Where its wires are, for the comment beside it. */
  readonly pins: string;
  /**
   * Whether the `rpc` library of the board's firmware serves on it. False: the board has the bus, and needs
   * the project's own `rpc.py` to serve on it.
   */
  readonly stock: boolean;
}

export interface Board {
  /** As `--board` takes it. */
  readonly name: string;
  readonly title: string;
  /** Is `import rpc` answered by the firmware? */
  readonly rpcFrozen: boolean;
  /** Does `pyb` have its I2C, SPI and CAN classes? Only with them can a script be a slave on SPI. */
  readonly pybBuses: boolean;
  readonly uart: BoardBus;
  readonly can: BoardBus | null;
  readonly i2c: BoardBus | null;
  /** As a slave; `id` is the bus. */
  readonly spi: (BoardBus & { readonly select: string }) | null;
  /** Which class of `network` reaches a network, or null. */
  readonly network: "WLAN" | null;
  /** Of a float in its MicroPython. */
  readonly floatBits: 32 | 64;
  /** The largest piece of the heap, in bytes; null where it differs from board to board. */
  readonly heapBytes: number | null;
  /** Where the facts were read. */
  readonly sources: readonly string[];
}

/** A board and the link that its script serves on. */
export interface BoardChoice {
  readonly board: Board;
  readonly link: LinkName;
}

/** The links that a script on the board can serve on, the default first. */
export function linksOf(board: Board): readonly LinkName[] {
  const has: Readonly<Record<LinkName, boolean>> = {
    uart: true,
    can: board.can !== null,
    i2c: board.i2c !== null,
    spi: board.spi !== null,
    usb: true,
    tcp: board.network !== null,
  };
  return LINK_NAMES.filter((name) => has[name]);
}

/** Does the link need the project's `rpc.py` on the board? Stock firmware has no USB and no network classes. */
export function needsOwnLibrary({ board, link }: BoardChoice): boolean {
  if (!board.rpcFrozen || link === "usb" || link === "tcp") return true;
  return board[link]?.stock !== true;
}
