/** What rpc.py does where it differs from a stock peer on purpose, and what no recording shows. */
import { expect, it } from "vitest";
import type { Direction, Exchange } from "./exchange.js";
import { MAGIC, packetHex, u32 } from "./packet-hex.js";
import { runAsMaster, runAsSlave } from "./run-exchange.js";

/** The ids of `count` and `stream_out`. */
const COUNT = 0x0a8c4da6;
const STREAM_OUT = 0x9b895028;
const LOST = "";
const HEADER_ACK = packetHex(MAGIC.commandHeader);
const DATA_ACK = packetHex(MAGIC.commandData);
const HEADER_REQUEST = packetHex(MAGIC.resultHeader);
const DATA_REQUEST = packetHex(MAGIC.resultData);

type Line = readonly [dir: Direction, hex: string, delivered?: string];

/** Writes down an exchange as it should be; each packet comes 5 ms after the one before. */
function exchangeOf(lines: readonly Line[], more: Partial<Exchange> = {}): Exchange {
  return {
    name: "written by hand",
    call: { name: "count", data_hex: "" },
    result_hex: null,
    bytes: lines.map(([dir, hex, delivered], index) => ({
      dir,
      hex,
      t_ms: index * 5,
      ...(delivered === undefined ? {} : { delivered_hex: delivered }),
    })),
    ...more,
  };
}

/** The two packets of a call, of `count` where nothing else is said. */
function command(data: Uint8Array, id = COUNT): [header: string, data: string] {
  return [packetHex(MAGIC.commandHeader, u32(id, data.length)), packetHex(MAGIC.commandData, data)];
}

/** The master asks, the slave answers with how often it has run. */
function fetched(runs: number): Line[] {
  return [
    ["m2s", HEADER_REQUEST],
    ["s2m", packetHex(MAGIC.resultHeader, u32(4))],
    ["m2s", DATA_REQUEST],
    ["s2m", packetHex(MAGIC.resultData, u32(runs))],
  ];
}

const [header, noData] = command(new Uint8Array(0));
const lostAcknowledgement: readonly Line[] = [
  ["m2s", header],
  ["s2m", HEADER_ACK],
  ["m2s", noData],
  ["s2m", DATA_ACK, LOST],
];

/** The recordings tell how often `count` had run; an exchange written here starts from none. */
async function expectSameBytes(exchange: Exchange): Promise<void> {
  const last = exchange.bytes.at(-1)?.hex ?? "";
  const runs = Buffer.from(last, "hex").readUInt32LE(2);
  const { difference, error } = await runAsSlave({ ...exchange, executions: runs });
  expect(difference).toBeNull();
  expect(error).toBeNull();
}

it("acknowledges a command again when its acknowledgement was lost, and runs it once", async () => {
  await expectSameBytes(
    exchangeOf([
      ...lostAcknowledgement,
      ["m2s", header],
      ["s2m", HEADER_ACK],
      ["m2s", noData],
      ["s2m", DATA_ACK],
      ...fetched(1),
    ]),
  );
});

it("runs the function again when the repeated header brings other data", async () => {
  const [oneByte, first] = command(Uint8Array.of(1));
  const [, second] = command(Uint8Array.of(2));
  await expectSameBytes(
    exchangeOf([
      ["m2s", oneByte],
      ["s2m", HEADER_ACK],
      ["m2s", first],
      ["s2m", DATA_ACK],
      ["m2s", oneByte],
      ["s2m", HEADER_ACK],
      ["m2s", second],
      ["s2m", DATA_ACK],
      ...fetched(2),
    ]),
  );
});

it("runs an equal command again once the first one's result was asked for", async () => {
  await expectSameBytes(
    exchangeOf([
      ["m2s", header],
      ["s2m", HEADER_ACK],
      ["m2s", noData],
      ["s2m", DATA_ACK],
      ["m2s", HEADER_REQUEST],
      ["s2m", packetHex(MAGIC.resultHeader, u32(4)), LOST],
      ["m2s", header],
      ["s2m", HEADER_ACK],
      ["m2s", noData],
      ["s2m", DATA_ACK],
      ...fetched(2),
    ]),
  );
});

it("answers pairs: both packets of a phase in one write", async () => {
  await expectSameBytes(
    exchangeOf([
      ["m2s", header + noData],
      ["s2m", HEADER_ACK],
      ["s2m", DATA_ACK],
      ["m2s", HEADER_REQUEST + DATA_REQUEST],
      ["s2m", packetHex(MAGIC.resultHeader, u32(4))],
      ["s2m", packetHex(MAGIC.resultData, u32(1))],
    ]),
  );
});

it("finds long data behind headers that waited with it, as on a board that is busy or still starts", async () => {
  const [longHeader, longData] = command(new Uint8Array(300));
  await expectSameBytes(
    exchangeOf([
      ["m2s", longHeader + longHeader + longHeader + longData],
      ["s2m", HEADER_ACK],
      ["s2m", DATA_ACK],
      ...fetched(1),
    ]),
  );
});

it("finds a header behind noise that came with it", async () => {
  await expectSameBytes(
    exchangeOf([
      ["m2s", header, `00ff5a${header}`],
      ["s2m", HEADER_ACK],
      ["m2s", noData],
      ["s2m", DATA_ACK],
      ...fetched(1),
    ]),
  );
});

it("ends a stream whose frame has a damaged header, and does not pass the frame on", async () => {
  const frame = packetHex(MAGIC.streamFrame, u32(1));
  const outcome = await runAsMaster(
    exchangeOf(
      [
        ["m2s", header],
        ["s2m", HEADER_ACK],
        ["m2s", noData],
        ["s2m", DATA_ACK],
        ...fetched(1),
        ["m2s", packetHex(MAGIC.streamSetup, u32(1))],
        ["s2m", `${frame}aa`],
        ["m2s", "ff"],
        ["s2m", `${frame}bb`, `${frame.slice(0, -4)}0000bb`],
      ],
      { stream: { direction: "s2m", queue_depth: 1, frames_hex: [] } },
    ),
  );
  expect(outcome).toEqual({ difference: null, error: null, results: ["01000000"], frames: ["aa"] });
});

it("begins a stream although the call's last requests come late once more", async () => {
  const [withSizes, sizes] = command(u32(1, 1), STREAM_OUT);
  const frame = `${packetHex(MAGIC.streamFrame, u32(1))}aa`;
  const exchange = exchangeOf(
    [
      ["m2s", withSizes],
      ["s2m", HEADER_ACK],
      ["m2s", sizes],
      ["s2m", DATA_ACK],
      ["m2s", HEADER_REQUEST],
      ["s2m", packetHex(MAGIC.resultHeader, u32(4))],
      ["m2s", DATA_REQUEST],
      ["s2m", packetHex(MAGIC.resultData, u32(1))],
      ["m2s", packetHex(MAGIC.streamSetup, u32(1)), HEADER_REQUEST + DATA_REQUEST + HEADER_REQUEST],
      ["m2s", packetHex(MAGIC.streamSetup, u32(1))],
      ["s2m", frame],
    ],
    { stream: { direction: "s2m", queue_depth: 1, frames_hex: ["aa"] } },
  );
  expect((await runAsSlave(exchange)).difference).toBeNull();
});
