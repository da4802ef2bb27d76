/** Raw pixels as a JPEG file: libjpeg-turbo, compiled to WebAssembly, called without waiting. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type RawPicture, toRgb } from "./pixel-format.js";

interface Encoder {
  setProgressive(isProgressive: boolean): void;
  setQuality(quality: number): void;
  setSubSampling(mode: number): void;
  /** Where the pixels go: red, green, blue in rows. */
  getDecodedBuffer(frame: {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
  }): Uint8Array;
  encode(): void;
  /** The file, in the codec's memory: it is gone with the next encoding. */
  getEncodedBuffer(): Uint8Array;
}

type LoadCodec = (options: {
  wasmBinary: Uint8Array;
}) => Promise<{ readonly JPEGEncoder: new () => Encoder }>;

// A CommonJS package without types. MicroPython's calls can't wait, so it is loaded before the first one.
const require = createRequire(import.meta.url);
const loadCodec: LoadCodec = require("@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs");
const wasmBinary = readFileSync(require.resolve("@cornerstonejs/codec-libjpeg-turbo-8bit/wasm"));
const codec = await loadCodec({ wasmBinary });
const encoder = new codec.JPEGEncoder();
encoder.setProgressive(false);

/** libjpeg-turbo's numbers: colour at full size, at half the width, at half the width and height. */
export const SUBSAMPLING = { "444": 0, "422": 1, "420": 2 } as const;

export type Subsampling = keyof typeof SUBSAMPLING;

/** `quality`: 1 to 100. A new array; grey pictures become JPEG files of grey colours. */
export function encodeJpeg(raw: RawPicture, quality: number, subsampling: Subsampling): Uint8Array {
  encoder.setQuality(quality);
  encoder.setSubSampling(SUBSAMPLING[subsampling]);
  const { width, height } = raw;
  toRgb(
    raw,
    encoder.getDecodedBuffer({ width, height, bitsPerSample: 8, componentCount: 3, isSigned: false }),
  );
  encoder.encode();
  return encoder.getEncodedBuffer().slice();
}
