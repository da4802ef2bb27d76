/** Ids, crcs, packets and stream tokens of rpc.py, worked out by a real MicroPython. */
import { beforeAll, expect, it } from "vitest";
import { readVectors } from "./exchange.js";
import { replay } from "./run-exchange.js";

interface Answers {
  readonly ids: readonly number[];
  readonly crcs: readonly number[];
  readonly packets: readonly string[];
  readonly tokens: readonly number[];
}

const vectors = readVectors();
const names = vectors.hash.filter(({ agree }) => agree);
let answers: Answers;

beforeAll(async () => {
  const setup = {
    names: names.map(({ name }) => name),
    crc_data: vectors.crc16.map(({ data_hex }) => data_hex),
    packets: vectors.packets.map(({ magic, payload_hex }) => [magic, payload_hex]),
    tokens: vectors.stream_tokens_lfsr.length,
  };
  const { error, results } = await replay("vectors_main.py", setup, { bytes: [] }, { mine: "m2s" });
  expect(error).toBeNull();
  answers = results[0] as Answers;
});

it("gives names the ids on which stock peers agree", () => {
  expect(answers.ids).toEqual(names.map(({ all_utf8_bytes }) => all_utf8_bytes));
});

it("works out the same crcs", () => {
  expect(answers.crcs).toEqual(vectors.crc16.map(({ crc16 }) => crc16));
});

it("writes the same packets", () => {
  expect(answers.packets).toEqual(vectors.packets.map(({ packet_hex }) => packet_hex));
});

it("counts a stream's credits with the same tokens", () => {
  expect(answers.tokens).toEqual(vectors.stream_tokens_lfsr);
});
