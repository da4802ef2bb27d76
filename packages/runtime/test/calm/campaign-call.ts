/** One call of a campaign: made, its answer compared with the truth, and later what it said with what ran. */
import { type Executed, RpcError } from "../../src/index.js";
import type { VirtualClock } from "../../src/testing/index.js";
import type { Claim, Episode } from "./campaign-episode.js";
import { onceResult } from "./campaign-peer.js";
import type { CallPlan } from "./campaign-plan.js";
import { type FrameFlaw, readStream } from "./campaign-stream.js";
import { hexOf } from "./hex-of.js";

/** The longest that any single call may take: its timeouts, the wait for its turn, and a margin. */
const CALL_LIMIT_MS = 30_000;
const REPEATABLE_TIMEOUT_MS = 4000;

export async function makeCall(episode: Episode, call: CallPlan, number: number): Promise<void> {
  const { clock, counts, failures, claims } = episode;
  const collisionsBefore = collisionsOf(episode);
  const startedAt = clock.now();
  counts.calls += 1;
  episode.tell(`call ${number}: ${call.kind} ${hexOf(call.argument)}, abort ${call.abortAfterMs}`);
  let says: Executed = "yes";
  try {
    const outcome = await withLimit(clock, speak(episode, call, number));
    if (outcome === "hung") {
      failures.push(`call ${number} (${call.kind}) hangs`);
      return;
    }
    counts.answered += 1;
    episode.tell(`call ${number}: ${outcome}`);
    if (outcome === "wrong") {
      if (collisionsOf(episode) > collisionsBefore) counts.wrongByCollision += 1;
      else failures.push(`call ${number} (${call.kind}) got a wrong answer`);
    }
  } catch (error) {
    if (!(error instanceof RpcError)) {
      failures.push(`call ${number} (${call.kind}) threw ${String(error)}`);
      return;
    }
    episode.tell(`call ${number}: ${error.code}, ${error.phase}, executed: ${error.executed}`);
    counts.addError(error.code, error.executed);
    says = error.executed;
    if (clock.now() - startedAt > CALL_LIMIT_MS / 2)
      failures.push(`call ${number} (${call.kind}) took too long`);
  }
  claims.push({
    number,
    call,
    says,
    startedAt,
    sawCollision: collisionsOf(episode) > collisionsBefore,
  });
}

const collisionsOf = ({ faults }: Episode): number =>
  faults.reduce((sum, { counts }) => sum + counts.undetectedPackets, 0);

/** Makes the call, and says whether its answer was right. */
async function speak(episode: Episode, call: CallPlan, number: number): Promise<"right" | "wrong"> {
  const { master, clock, counts } = episode;
  const { kind, argument, abortAfterMs } = call;
  const aborting = new AbortController();
  const { signal } = aborting;
  const cancel = abortAfterMs === null ? () => {} : clock.after(abortAfterMs, () => aborting.abort());
  try {
    if (kind === "stream") {
      const areSigned = episode.line.checksBytes === true;
      const found = (flaw: FrameFlaw) => noteFlaw(episode, flaw, number);
      return await readStream(master, call, { signal, counts, areSigned, found });
    }
    const repeatable = { signal, repeatable: true, timeoutMs: REPEATABLE_TIMEOUT_MS };
    if (kind === "idempotent") return compare(await master.call("echo", argument, repeatable), argument);
    if (kind === "once")
      return compare(await master.call("once", argument, repeatable), onceResult(argument));
    const answer = await master.call(kind === "unknown name" ? "not_there" : kind, argument, { signal });
    return compare(answer, truthOf(kind, argument));
  } finally {
    cancel();
  }
}

/** Where the bytes are checked below, nothing may be wrong with a frame; elsewhere nobody can know of it. */
function noteFlaw({ counts, failures, line, tell }: Episode, flaw: FrameFlaw, number: number): void {
  tell(`call ${number}: a frame is ${flaw}`);
  if (flaw === "damaged") counts.framesDamaged += 1;
  else if (flaw === "missing") counts.framesMissing += 1;
  else if (flaw === "doubled") counts.framesDoubled += 1;
  if (line.checksBytes) failures.push(`call ${number} (stream) took frames, one of which is ${flaw}`);
}

function truthOf(kind: CallPlan["kind"], argument: Uint8Array): Uint8Array {
  if (kind === "nothing" || kind === "unknown name") return new Uint8Array(0);
  if (kind !== "add") return argument;
  const view = new DataView(argument.buffer);
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setInt32(0, view.getInt32(0, true) + view.getInt32(4, true), true);
  return sum;
}

export function compare(answer: Uint8Array, truth: Uint8Array): "right" | "wrong" {
  return answer.length === truth.length && answer.every((byte, index) => byte === truth[index])
    ? "right"
    : "wrong";
}

/** A call that is over neither by its timeouts nor by anything else hangs. */
async function withLimit<T>(clock: VirtualClock, work: Promise<T>): Promise<T | "hung"> {
  let cancel = () => {};
  const limit = new Promise<"hung">((resolve) => {
    cancel = clock.after(CALL_LIMIT_MS, () => resolve("hung"));
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    cancel();
  }
}
/** Compares what a call said with what ran. Functions that may repeat may have run any number of times. */
export function judge(episode: Episode, { number, call, says, startedAt, sawCollision }: Claim): void {
  const { peer, counts, failures } = episode;
  if (call.kind === "unknown name") return;
  const name = wireNameOf(call.kind);
  const runs = peer.log.runs(name, call.argument);
  const what = `call ${number} (${call.kind}, says "${says}")`;
  if (sawCollision) counts.judgedAfterCollision += 1;
  else if (says === "no" && runs > 0) failures.push(`${what} ran`);
  else if (says === "yes" && runs === 0) failures.push(`${what} did not run`);
  if (runs > 1 && call.kind !== "idempotent") {
    // What it remembered is gone, and copies of the command may come behind the reset.
    const lastRunAt = peer.log.lastRunAt(name, call.argument) ?? 0;
    const isForgotten = peer.restartsAt.some((at) => at >= startedAt && at <= lastRunAt);
    if (isForgotten) counts.twiceAcrossRestart += 1;
    else failures.push(`${what} ran ${runs} times`);
  }
}

function wireNameOf(kind: CallPlan["kind"]): string {
  if (kind === "stream") return "frames";
  return kind === "idempotent" ? "echo" : kind;
}
