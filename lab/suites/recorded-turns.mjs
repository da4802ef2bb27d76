/**
 * The recorded exchanges over CAN, I2C and SPI as turns: who said which bytes after whom. What is one
 * packet is one turn, however many frames or transactions carried it.
 */
import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../test/conformance/exchanges/", import.meta.url);
const FRAME_BYTES = 8;
/** The camera's library cuts longer packets on I2C at this length. */
const LARGEST_TRANSACTION = 65_535;

/** `{ name, call, resultHex, stream, turns: { dir: "m2s" | "s2m", hex }[] }` of each; `kind`: can, i2c, spi. */
export function readExchanges(kind) {
  const names = readdirSync(FOLDER).filter((name) => name.startsWith(`${kind}_`));
  return names.map((file) => {
    const recorded = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
    const { name, call, result_hex: resultHex, frames_hex: framesHex, queue_depth: queueDepth } = recorded;
    const stream = framesHex === undefined ? null : { framesHex, queueDepth };
    return { name, call, resultHex, stream, turns: turnsOf(recorded), frames: recorded.frames ?? [] };
  });
}

function turnsOf({ frames, transactions, transfers }) {
  if (frames)
    return joined(frames.map(({ dir, hex }) => ({ dir, hex, isFull: hex.length === 2 * FRAME_BYTES })));
  const moved = transactions
    ? transactions.map(({ op, hex }) => ({
        dir: dirOf(op),
        hex,
        isFull: hex.length === 2 * LARGEST_TRANSACTION,
      }))
    : transfers.map(({ op, mosi, miso }) => ({
        dir: dirOf(op),
        hex: op === "write" ? mosi : miso,
        isFull: false,
      }));
  return withoutVainTries(joined(moved));
}

/** Without what nobody answered (refused on I2C, all zeros on SPI), and what was therefore said again. */
function withoutVainTries(turns) {
  const answered = turns.filter(({ dir, hex }) => dir === "m2s" || !/^(00)*$/.test(hex));
  return answered.filter(
    ({ dir, hex }, at) => !(answered[at + 1]?.dir === dir && answered[at + 1].hex === hex),
  );
}

/** Pieces of one packet together: a full one is followed by the rest, if by any of the same direction. */
function joined(pieces) {
  const turns = [];
  let before = null;
  for (const piece of pieces) {
    if (before?.isFull && before.dir === piece.dir && !startsPacket(piece.hex)) turns.at(-1).hex += piece.hex;
    else turns.push({ dir: piece.dir, hex: piece.hex });
    before = piece;
  }
  return turns;
}

const MAGICS = ["0912", "d1ab", "2190", "ba1d", "f6ed", "2e54"];
const startsPacket = (hex) => MAGICS.some((magic) => hex.startsWith(magic));
const dirOf = (op) => (op === "write" ? "m2s" : "s2m");
