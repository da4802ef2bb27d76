/** What rpc.py does on I2C and SPI when a transaction is lost: exchanges written by hand, in virtual time. */
import { describe, expect, it } from "vitest";
import type { BusExchange, BusStep } from "./exchange.js";
import { MAGIC, packetHex, u32 } from "./packet-hex.js";
import { runAsBusMaster, runAsBusSlave } from "./run-exchange.js";

const COUNT = 0x0a8c4da6;
const ADDRESS = 0x12;
const HEADER = packetHex(MAGIC.commandHeader, u32(COUNT, 0));
const DATA = packetHex(MAGIC.commandData);
const HEADER_ACK = packetHex(MAGIC.commandHeader);
const DATA_ACK = packetHex(MAGIC.commandData);
const HEADER_REQUEST = packetHex(MAGIC.resultHeader);
const RESULT_HEADER = packetHex(MAGIC.resultHeader, u32(4));
const DATA_REQUEST = packetHex(MAGIC.resultData);
const resultOf = (runs: number) => packetHex(MAGIC.resultData, u32(runs));

type Line = readonly [direction: "to" | "from", hex: string, afterMs?: number, acknowledged?: boolean];
type Kind = "i2c" | "spi";

/** Each transaction comes 2 ms after the one before, or after the time that is given. */
function exchangeOf(kind: Kind, lines: readonly Line[], result: string | null = null): BusExchange {
  let atMs = 0;
  const steps = lines.map(([direction, hex, afterMs = 2, acknowledged = true]): BusStep => {
    atMs += afterMs;
    const data = Uint8Array.from(Buffer.from(hex, "hex"));
    const none = kind === "spi" ? new Uint8Array(data.length) : null;
    return {
      address: kind === "spi" ? 0 : ADDRESS,
      length: data.length,
      sent: direction === "to" ? data : none,
      received: direction === "from" ? data : none,
      acknowledged,
      atMs,
    };
  });
  return { name: "by hand", call: { name: "count", data_hex: "" }, result_hex: result, stream: null, steps };
}

const command: readonly Line[] = [
  ["to", HEADER],
  ["from", HEADER_ACK],
  ["to", DATA],
  ["from", DATA_ACK],
];
const fetched = (runs: number): readonly Line[] => [
  ["to", HEADER_REQUEST],
  ["from", RESULT_HEADER],
  ["to", DATA_REQUEST],
  ["from", resultOf(runs)],
];

async function expectSlave(kind: Kind, lines: readonly Line[]): Promise<void> {
  expect(await runAsBusSlave(exchangeOf(kind, lines), kind)).toMatchObject({ difference: null, error: null });
}

describe.each(["i2c", "spi"] as const)("a slave on %s", (kind) => {
  it("takes the next command when its acknowledgement of a header was not fetched", async () => {
    await expectSlave(kind, [["to", HEADER], ["to", HEADER, 200], ...command.slice(1), ...fetched(1)]);
  });

  it("gives up waiting for data, and takes the next command", async () => {
    await expectSlave(kind, [
      ["to", HEADER],
      ["from", HEADER_ACK],
      ["to", HEADER, 400],
      ...command.slice(1),
      ...fetched(1),
    ]);
  });

  it("holds the result header out again", async () => {
    await expectSlave(kind, [...command, ["to", HEADER_REQUEST], ["from", RESULT_HEADER], ...fetched(1)]);
  });

  it("runs the next call after a result that nobody fetched", async () => {
    await expectSlave(kind, [...command, ["to", HEADER, 1500], ...command.slice(1), ...fetched(2)]);
  });
});

it("a slave on I2C runs a command once whose acknowledgement was not fetched", async () => {
  await expectSlave("i2c", [...command.slice(0, 3), ["to", HEADER, 200], ...command.slice(1), ...fetched(1)]);
});

it("a slave on I2C still holds the right bytes out after a master wrote over them", async () => {
  await expectSlave("i2c", [
    ...command,
    ["to", HEADER_REQUEST],
    ["to", HEADER_REQUEST],
    ["to", HEADER_REQUEST],
    ["from", RESULT_HEADER],
    ["to", DATA_REQUEST],
    ["to", HEADER_REQUEST],
    ["to", DATA_REQUEST],
    ["from", resultOf(1)],
  ]);
});

it("a slave on SPI runs a command once whose header it saw go by while it held the result", async () => {
  await expectSlave("spi", [...command, ["to", HEADER], ["to", HEADER], ...command.slice(1), ...fetched(1)]);
});

describe.each(["i2c", "spi"] as const)("a master on %s", (kind) => {
  const uniform = (hex: string) => "00".repeat(hex.length / 2);

  it("reads again while all bytes are alike", async () => {
    const lines: readonly Line[] = [
      ["to", HEADER],
      ["from", uniform(HEADER_ACK)],
      ["from", uniform(HEADER_ACK)],
      ...command.slice(1),
      ["to", HEADER_REQUEST],
      ["from", uniform(RESULT_HEADER)],
      ["from", RESULT_HEADER],
      ["to", DATA_REQUEST],
      ["from", uniform(resultOf(1))],
      ["from", resultOf(1)],
    ];
    expect(await runAsBusMaster(exchangeOf(kind, lines, "01000000"), kind)).toEqual({
      difference: null,
      error: null,
      results: ["01000000"],
      frames: [],
    });
  });
});

it("a master on I2C tries again while its address is not acknowledged", async () => {
  const lines: readonly Line[] = [
    ["to", HEADER, 2, false],
    ["to", HEADER, 2, false],
    ["to", HEADER],
    ["from", HEADER_ACK, 2, false],
    ...command.slice(1),
    ...fetched(1),
  ];
  const outcome = await runAsBusMaster(exchangeOf("i2c", lines, "01000000"), "i2c");
  expect(outcome).toMatchObject({ difference: null, error: null, results: ["01000000"] });
});
