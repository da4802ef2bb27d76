// Encode and decode of one detection frame (10 blobs of 6 numbers, a u64, a string, 64 bytes): generated code
// beside other libraries, each with what its own tool generates, and what a person writes by hand with DataView
// for exactly this frame. Same values, 64-bit numbers as bigint for all, a result of its own for every call.
import { fork, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { competitors, installCompetitors } from "./competitors.mjs";
import { median, quick, rounded } from "./measure.mjs";

const ROUNDS = 9;
const ROUND_MS = 200;
const WARM_UP_MS = 400;

const here = dirname(fileURLToPath(import.meta.url));
const ours = join(here, "codec", "contenders");
const theirs = join(competitors, "codecs");
const CONTENDERS = [
  ["rpcgen", join(ours, "generated.mjs")],
  ["DataView, by hand", join(ours, "by-hand.mjs")],
  ["protobuf-es", join(theirs, "protobuf-es.mjs")],
  ["ts-proto", join(theirs, "ts-proto.mjs")],
  ["protobufjs, static", join(theirs, "protobufjs-static.mjs")],
  ["protobufjs, reflection", join(theirs, "protobufjs-reflection.mjs")],
  ["bebop", join(theirs, "bebop.mjs")],
  ["msgpackr", join(theirs, "msgpackr.mjs")],
  ["JSON", join(ours, "json.mjs")],
];

installCompetitors();
generate();
const contenders = [];
for (const [name, path] of CONTENDERS) contenders.push(await start(name, path));
const results = await inTurn(contenders);
for (const { child } of contenders) child.disconnect();
print(results);

/** Generates the codec as a person would, and takes the types away as Node 24 does. */
function generate() {
  const folder = join(here, "..", ".cache", "bench", "codec");
  mkdirSync(folder, { recursive: true });
  const rpcgen = join(here, "..", "packages", "cli", "bin", "rpcgen.js");
  const idl = join(here, "codec", "frame.idl");
  const result = spawnSync(process.execPath, [rpcgen, idl, "-t", "typescript", "-o", folder], {
    encoding: "utf8",
  });
  if (result.status !== 0) throw new Error(result.stderr);
  const source = readFileSync(join(folder, "frame.types.ts"), "utf8");
  const { code } = transformSync(source, { loader: "ts", target: "node20" });
  writeFileSync(join(folder, "frame.types.mjs"), code);
}

async function start(name, path) {
  const child = fork(join(here, "codec", "measured.mjs"), [name, path], { execArgv: [] });
  const { byteLength } = await answerOf(child, name);
  return { name, child, byteLength };
}

function ask({ child, name }, what, ms) {
  child.send({ what, ms });
  return answerOf(child, name);
}

function answerOf(child, name) {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`${name} ended with exit code ${code}`));
    child.once("exit", onExit);
    child.once("message", (answer) => {
      child.off("exit", onExit);
      resolve(answer);
    });
  });
}

/** Medians of all rounds. One process works at a time, and each has its turn in every round. */
async function inTurn(all) {
  const rounds = all.map(() => ({ encode: [], decode: [] }));
  for (let round = -1; round < (quick ? 1 : ROUNDS); round += 1) {
    const ms = quick ? 20 : round < 0 ? WARM_UP_MS : ROUND_MS;
    for (const what of ["encode", "decode"]) {
      for (const [i, contender] of all.entries()) {
        const measured = await ask(contender, what, ms);
        if (round >= 0) rounds[i][what].push(measured);
      }
    }
  }
  return all.map(({ name, byteLength }, i) => {
    const { encode, decode } = rounds[i];
    return { name, byteLength, encode: medians(encode), decode: medians(decode) };
  });
}

function medians(measured) {
  return {
    perSecond: median(measured.map(({ perSecond }) => perSecond)),
    p99Us: median(measured.map(({ p99Us }) => p99Us)),
  };
}

function print(results) {
  const [{ encode, decode }] = results;
  const times = (ours, theirs) => (ours.perSecond / theirs.perSecond).toFixed(2);
  console.log(
    JSON.stringify({
      title: "Encode and decode of one detection frame",
      columns: [
        "",
        "encodes/s (median)",
        "p99, µs",
        "rpcgen is × as fast",
        "decodes/s (median)",
        "p99, µs",
        "rpcgen is × as fast",
        "bytes",
      ],
      rows: results.map((one) => [
        one.name,
        rounded(one.encode.perSecond),
        rounded(one.encode.p99Us),
        times(encode, one.encode),
        rounded(one.decode.perSecond),
        rounded(one.decode.p99Us),
        times(decode, one.decode),
        one.byteLength,
      ]),
      note: `Medians of ${ROUNDS} rounds, interleaved, a process each. Rates are of the processor's time, p99 of the clock's. rpcgen with all of its checks, by hand with none. 64-bit numbers are bigint everywhere; JSON has them, and bytes, as text.`,
    }),
  );
}
