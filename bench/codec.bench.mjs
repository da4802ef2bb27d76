// Encode and decode of one detection frame (10 blobs of 6 numbers, a u64, a string, 64 bytes): generated
// code, beside what a person would write by hand with DataView for exactly this frame, and JSON.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { decodeByHand, encodeByHand } from "./codec/by-hand.mjs";
import { interleave, perSecondSync, rounded } from "./measure.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { DetectorFunctions } = await generated();
const { encodeResult, decodeResult } = DetectorFunctions.latest;

const frame = {
  timeUs: 1_763_800_000_000_000n,
  blobs: Array.from({ length: 10 }, (_, i) => ({
    x: 10 * i,
    y: 7 * i,
    w: 20 + i,
    h: 30 + i,
    angle: i / 8,
    score: 1 - i / 16,
  })),
  label: "conveyor 3, lane 2",
  thumbnail: Uint8Array.from({ length: 64 }, (_, i) => i),
};
const bytes = encodeResult(frame);
const json = JSON.stringify(plain(frame));
same(Buffer.from(bytes).toString("hex"), Buffer.from(encodeByHand(frame)).toString("hex"));
same(JSON.stringify(plain(decodeResult(bytes))), json);
same(JSON.stringify(plain(decodeByHand(bytes))), json);

const parse = (text) => JSON.parse(text);
const contenders = [
  { name: "encode, generated", run: () => perSecondSync(() => encodeResult(frame), 300) },
  { name: "encode, by hand", run: () => perSecondSync(() => encodeByHand(frame), 300) },
  { name: "encode, JSON", run: () => perSecondSync(() => JSON.stringify(plain(frame)), 300) },
  { name: "decode, generated", run: () => perSecondSync(() => decodeResult(bytes), 300) },
  { name: "decode, by hand", run: () => perSecondSync(() => decodeByHand(bytes), 300) },
  { name: "decode, JSON", run: () => perSecondSync(() => parse(json), 300) },
];
const results = await interleave(contenders, 9);
console.log(
  JSON.stringify({
    title: "Encode and decode of one detection frame",
    columns: ["", "frames per second, median of 9"],
    rows: [...results].map(([name, value]) => [name, rounded(value)]),
    note: `${bytes.length} bytes packed, ${json.length} as JSON. All checks on; by hand has none.`,
  }),
);

/** Generates the codec as a person would, and bundles it so that Node runs it as it is. */
async function generated() {
  const folder = join(here, "..", ".cache", "bench");
  mkdirSync(folder, { recursive: true });
  const rpcgen = join(here, "..", "packages", "cli", "bin", "rpcgen.js");
  const idl = join(here, "codec", "frame.idl");
  const result = spawnSync(process.execPath, [rpcgen, idl, "-t", "typescript", "-o", folder], {
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Error(result.stderr);
  const outfile = join(folder, "frame.types.mjs");
  buildSync({
    entryPoints: [join(folder, "frame.types.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    alias: { "@rpcgen/runtime/codec/v1": join(here, "..", "packages", "runtime", "dist", "codec", "v1.js") },
  });
  return import(outfile);
}

/** As JSON can say it: 64-bit numbers as text, bytes as base64. */
function plain(value) {
  return {
    ...value,
    timeUs: String(value.timeUs),
    thumbnail: Buffer.from(value.thumbnail).toString("base64"),
  };
}

function same(a, b) {
  if (a !== b) throw new Error(`contenders disagree:\n${a}\n${b}`);
}
