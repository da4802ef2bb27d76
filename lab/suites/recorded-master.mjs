/**
 * Plays the recorded master over a link: says what was recorded and wants the recorded answers. Where an
 * answer doesn't come, it starts its phase again, as the recorded master would have.
 */
const ANSWER_MS = 1000;
/** A slow guest on a slow machine. */
const BYTE_MS = 0.5;
const DEFAULT_PATIENCE_MS = 30_000;
/** So long the slave has to go back to what it waits for. */
const REST_MS = 50;
/** Packets that begin a phase: a command, or the asking for its result. */
const BEGINNINGS = ["0912", "2190"];

/** Resolves once all answers came; rejects where they are not what was recorded, again and again. */
export async function playMaster(link, turns, patienceMs = DEFAULT_PATIENCE_MS) {
  const until = Date.now() + patienceMs;
  let begunAt = 0;
  for (let at = 0; at < turns.length; at += 1) {
    const { dir, hex } = turns[at];
    if (dir === "m2s") {
      if (BEGINNINGS.some((magic) => hex.startsWith(magic))) begunAt = at;
      await link.putBytes(Buffer.from(hex, "hex"), ANSWER_MS);
      continue;
    }
    const into = new Uint8Array(hex.length / 2);
    const came = await link.getBytes(into, ANSWER_MS + into.length * BYTE_MS);
    const heard = Buffer.from(into).toString("hex");
    if (came && heard === hex) continue;
    if (Date.now() > until) {
      throw new Error(`turn ${at}: the slave said ${came ? heard : "nothing"}, not ${hex}`);
    }
    await link.flush();
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    at = begunAt - 1;
  }
}
