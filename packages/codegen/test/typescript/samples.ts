/** Values of the scenario `everything`. */
import {
  type Bag,
  Huge,
  Mode,
  type Numbers,
  type Tag,
} from "../scenarios/everything/expected/everything.types.js";

export const numbers: Numbers = {
  a: 255,
  b: -128,
  c: 65535,
  d: -32768,
  e: 4294967295,
  f: -2147483648,
  g: 18446744073709551615n,
  h: -9223372036854775808n,
  i: 0.5,
  j: Math.PI,
  k: true,
  mode: Mode.FAST,
  huge: Huge.HIGH,
  name: "grüß",
  raw: Uint8Array.of(1, 2, 3),
  points: [
    { x: 1, y: -1 },
    { x: 2, y: -2 },
  ],
  flags: [true, false, true],
  grid: [Uint16Array.of(1, 2, 3), Uint16Array.of(4, 5, 65535)],
  wide: BigUint64Array.of(1n, 18446744073709551615n),
  halves: Float32Array.of(0.25, -0.5),
};

export const tag: Tag = {
  id: 7,
  corners: [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
    { x: 5, y: 6 },
    { x: 7, y: -8 },
  ],
  label: "tag",
  note: null,
  mode: Mode.SLOW,
};

export const bag: Bag = {
  tags: [tag, { ...tag, note: "seen twice", mode: null }],
  words: ["", "one", "grün"],
  ids: Uint16Array.of(1, 500),
  blob: Uint8Array.from({ length: 300 }, (_, i) => i & 255),
  modes: [Mode.OFF, Mode.FAST],
  pairs: [[], [{ x: 1, y: 1 }]],
  maybes: [null, 0, 255],
  last: { x: 9, y: 9 },
};
