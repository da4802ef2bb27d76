/** How the script to start from opens its link: the constructor of the `rpc` library, and what belongs around it. */
import { type BoardChoice, needsOwnLibrary } from "../boards/index.js";

export interface LinkView {
  /** What the script imports besides `rpc`, in order. */
  readonly imports: readonly string[];
  /** Names that the script's own must not take. */
  readonly names: readonly string[];
  /** What has to be on the board for `import rpc`, for the list of steps. */
  readonly library: string;
  readonly isOwnLibrary: boolean;
  /** How the script is run and ended, for the list of steps. */
  readonly running: readonly string[];
  /** What runs before the link can be opened: the network's connection. */
  readonly before: readonly string[];
  /** Comment above the constructor. */
  readonly comment: readonly string[];
  readonly constructor_: string;
  /** The constructor changed the board's console: it is to be given back. */
  readonly givesBack: boolean;
}

/** Of the documentation: both ends of a link have these unless they agree on others. */
const CAN_ARGUMENTS = "message_id=0x7FF, bit_rate=250000, sample_point=75";
const I2C_ADDRESS = "slave_addr=0x12";
/** Of i2c-dev: where the masters that are generated beside the script cut what is longer. */
const LINUX_I2C_BYTES = 8192;
const SPI_MODE = "clk_polarity=1, clk_phase=0";

const RUNNING = [
  "Run this file. An error in a method is printed here and does not end the service; Ctrl-C does.",
] as const;

export function openLink(choice: BoardChoice | null): LinkView {
  const plain = { imports: [], names: [], before: [], givesBack: false, running: RUNNING };
  const uart = "The serial port that the master is wired to. Both ends need the same baudrate.";
  if (choice === null) {
    return {
      ...plain,
      library: "beside the rpc library (OpenMV cameras have it built in).",
      isOwnLibrary: false,
      comment: [uart],
      constructor_: "rpc_uart_slave(baudrate=115200)",
    };
  }
  const isOwnLibrary = needsOwnLibrary(choice);
  const library = isOwnLibrary
    ? "with rpc.py, the rpc library that was written beside them."
    : "which has the rpc library built in.";
  return { ...plain, isOwnLibrary, library, ...constructors[choice.link](choice) };
}

type Constructor = (choice: BoardChoice) => Pick<LinkView, "comment" | "constructor_"> & Partial<LinkView>;

const constructors: Readonly<Record<BoardChoice["link"], Constructor>> = {
  uart: ({ board }) => ({
    comment: [
      "The serial port that the master is wired to. Both ends need the same baudrate.",
      `UART ${plainly(board.uart.id)} of the ${board.title}: ${board.uart.pins}.`,
    ],
    constructor_: `rpc_uart_slave(baudrate=115200, uart_port=${board.uart.id})`,
  }),
  can: ({ board }) => ({
    comment: [
      "The CAN bus of the master. Both ends need the same id, bit rate and sample point.",
      `CAN ${board.can?.id} of the ${board.title}: ${board.can?.pins}.`,
    ],
    constructor_: `rpc_can_slave(${CAN_ARGUMENTS}, can_bus=${board.can?.id})`,
  }),
  i2c: (choice) => ({
    comment: [
      "The I2C bus of the master, with this board as the device at the address. The wires need pull-up resistors.",
      `I2C ${choice.board.i2c?.id} of the ${choice.board.title}: ${choice.board.i2c?.pins}.`,
      needsOwnLibrary(choice)
        ? `A master on Linux moves ${LINUX_I2C_BYTES} bytes in one transaction; leave \`largest\` out for a camera as master.`
        : `A master on Linux moves ${LINUX_I2C_BYTES} bytes in one transaction, and with this library a message is one.`,
    ],
    constructor_: `rpc_i2c_slave(${I2C_ADDRESS}, i2c_bus=${choice.board.i2c?.id}${needsOwnLibrary(choice) ? `, largest=${LINUX_I2C_BYTES}` : ""})`,
  }),
  spi: ({ board }) => ({
    comment: [
      "The SPI bus of the master, with this board as the device. Both ends need the same polarity and phase.",
      `SPI ${board.spi?.id} of the ${board.title}: ${board.spi?.pins}.`,
    ],
    constructor_: `rpc_spi_slave(cs_pin="${board.spi?.select}", ${SPI_MODE}, spi_bus=${board.spi?.id})`,
  }),
  usb: () => ({
    running: [
      "Save this file as main.py, close the editor, reset the board: the port then belongs to the master.",
      "An error in a method does not end the service. Ctrl-C is data here: reset the board to end it.",
    ],
    comment: [
      "The board's own USB serial port. It carries packets: what print() writes is noise that the master skips.",
    ],
    constructor_: "rpc_usb_vcp_slave()",
    givesBack: true,
  }),
  tcp: () => ({
    imports: ["import network", "import time"],
    names: ["network", "time", "wlan"],
    before: [
      "# The network that the master is in.",
      "wlan = network.WLAN(network.STA_IF)",
      "wlan.active(True)",
      'wlan.connect("your network", "its password")',
      "while not wlan.isconnected():",
      "    time.sleep_ms(200)",
      'print("tcp://%s:%d" % (wlan.ifconfig()[0], 0x1DBA))',
    ],
    comment: ["Any master that reaches this port may call: there is no password. One at a time."],
    constructor_: "rpc_tcp_slave(port=0x1DBA)",
  }),
};

/** A name in quotes without them. */
function plainly(id: string): string {
  return id.replaceAll('"', "");
}
