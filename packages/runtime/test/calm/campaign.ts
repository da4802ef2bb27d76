/**
 * Calls over bad lines, and what came of them beside the truth. A campaign is a row of episodes; each has a line of
 * its own and faults of its own, all from its seed, so that one that fails can be run again alone. In an episode
 * calls of every kind are made over the bad line, then the line gets good, and a call must get through within a
 * second. Nothing may hang, no answer may be wrong unless a crc let it through, nothing may run that must not,
 * and what errors say of `executed` must be true.
 */
import { createMaster, type Executed, type Master, RpcError } from "../../src/index.js";
import {
  createFaults,
  createRandom,
  createTimedLine,
  createVirtualClock,
  type Faults,
  type Random,
  type VirtualClock,
} from "../../src/testing/index.js";
import { createCounts, type EpisodeCounts } from "./campaign-counts.js";
import { type CampaignPeer, createPeer, onceResult, type PeerKind } from "./campaign-peer.js";
import { type CallPlan, type EpisodePlan, planCall, planEpisode } from "./campaign-plan.js";
import { readStream } from "./campaign-stream.js";
import { createRevocableLink, type RevocableLink } from "./revocable-link.js";

export interface EpisodeResult {
  readonly plan: EpisodePlan;
  readonly counts: EpisodeCounts;
  /** What must not be, in words; each with the call's number. */
  readonly failures: readonly string[];
  /** From the moment when the line was good (and the slave free) until a call was answered, ms. */
  readonly recoveryMs: number;
}

/** The longest that any single call may take: its timeouts, the wait for its turn, and a margin. */
const CALL_LIMIT_MS = 30_000;
const REPEATABLE_TIMEOUT_MS = 4000;
const RECOVERY_LIMIT_MS = 1000;

interface Episode {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly plan: EpisodePlan;
  readonly peer: CampaignPeer;
  readonly faults: readonly [Faults, Faults];
  readonly counts: EpisodeCounts;
  readonly failures: string[];
  master: Master;
  /** What the master's program has open. */
  port: RevocableLink;
  readonly newPort: () => RevocableLink;
  /** To be looked at once more when nothing is under way any longer. */
  readonly claims: Claim[];
  readonly tell: (event: string) => void;
}

/** What a call said of itself, to be compared with what ran. */
interface Claim {
  readonly number: number;
  readonly call: CallPlan;
  readonly says: Executed;
  /** The slave was reset while it was under way: what it remembered is gone, so a repeated call is new to it. */
  readonly sawRestart: boolean;
  /** Crcs let damaged packets through meanwhile. */
  readonly sawCollision: boolean;
}

/** `watch` is told of every write, reset and outcome: to look at an episode that failed. */
export async function runEpisode(
  kind: PeerKind,
  calls: number,
  seed: number,
  watch?: (event: string) => void,
): Promise<EpisodeResult> {
  const plan = planEpisode(seed);
  const episode = open(kind, plan, watch);
  const { clock, failures } = episode;
  let recoveryMs = Number.POSITIVE_INFINITY;
  try {
    await clock.run(
      (async () => {
        await callOverBadLine(episode, calls);
        recoveryMs = await recover(episode);
        await sleepUntilIdle(episode);
      })(),
    );
    for (const claim of episode.claims) judge(episode, claim);
    await clock.run(episode.peer.stop());
    await clock.run(episode.master.close());
  } catch (error) {
    failures.push(
      `the episode broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  if (clock.pendingTimers > 0) {
    await clock.advance(20_000);
    if (clock.pendingTimers > 0) failures.push(`${clock.pendingTimers} timers are left`);
  }
  for (const faults of episode.faults) episode.counts.addFaults(faults.counts);
  return { plan, counts: episode.counts, failures, recoveryMs };
}

function open(kind: PeerKind, plan: EpisodePlan, watch: ((event: string) => void) | undefined): Episode {
  const clock = createVirtualClock();
  const tell = watch && ((event: string) => watch(`${clock.now().toFixed(2)} ${event}`));
  const random = createRandom(plan.seed + 1);
  const faults = [createFaults(plan.toSlave), createFaults(plan.toMaster)] as const;
  const line = createTimedLine({
    clock,
    oneWayMs: plan.oneWayMs,
    jitter: 0.5,
    random: createRandom(plan.seed + 2),
    ...(plan.baudRate === null ? {} : { baudRate: plan.baudRate }),
    faults: { aToB: watched(faults[0], "master", tell), bToA: watched(faults[1], "slave", tell) },
  });
  const newPort = () => createRevocableLink(line.a.link);
  const port = newPort();
  return {
    clock,
    random,
    plan,
    faults,
    peer: createPeer(kind, line.b, createRandom(plan.seed + 3)),
    counts: createCounts(),
    failures: [],
    claims: [],
    tell: tell ?? (() => {}),
    master: createMaster(port.link, { clock }),
    port,
    newPort,
  };
}

/** Writes as they were made, and what the line made of them where that is not the same. */
function watched(
  faults: Faults,
  from: string,
  tell: ((event: string) => void) | undefined,
): Pick<Faults, "apply"> {
  if (tell === undefined) return faults;
  return {
    apply(bytes) {
      const pieces = faults.apply(bytes);
      const [first] = pieces;
      const isSame = pieces.length === 1 && first?.delayMs === 0 && hexOf(first.bytes) === hexOf(bytes);
      const became = pieces.map((piece) => `${hexOf(piece.bytes)} +${piece.delayMs.toFixed(1)}`).join(" | ");
      tell(`${from} ${hexOf(bytes)}${isSame ? "" : ` => ${became || "lost"}`}`);
      return pieces;
    },
  };
}

function hexOf(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 40)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > 40 ? `${shown}… (${bytes.length})` : shown;
}

async function callOverBadLine(episode: Episode, calls: number): Promise<void> {
  const { random, plan, clock } = episode;
  const underWay: Promise<void>[] = [];
  for (let number = 0; number < calls; number++) {
    if (random() < plan.deadRate) killLine(episode, random() * 1500);
    if (random() < plan.slaveRestartRate) clock.after(random() * 80, () => void restartSlave(episode));
    if (random() < plan.masterRestartRate) clock.after(random() * 80, () => restartMaster(episode));
    underWay.push(makeCall(episode, planCall(random, number), number));
    // Most calls are awaited, some queue up behind others.
    if (random() < 0.9) await Promise.all(underWay.splice(0));
    if (random() < 0.1) await new Promise<void>((go) => clock.after(random() * 300, go));
  }
  await Promise.all(underWay);
}

function killLine({ faults, clock }: Episode, ms: number): void {
  for (const each of faults) each.isDead = true;
  clock.after(ms, () => {
    for (const each of faults) each.isDead = false;
  });
}

async function restartSlave({ peer, random, counts, tell }: Episode): Promise<void> {
  counts.slaveRestarts += 1;
  tell("slave reset");
  await peer.restart(random() < 0.5 ? 0 : random() * 300);
}

/** Its program is killed and started again: nothing is tidied up on the line. */
function restartMaster(episode: Episode): void {
  const { clock, counts, port, newPort } = episode;
  counts.masterRestarts += 1;
  episode.tell("master reset");
  port.revoke();
  episode.port = newPort();
  episode.master = createMaster(episode.port.link, { clock });
}

async function makeCall(episode: Episode, call: CallPlan, number: number): Promise<void> {
  const { clock, peer, counts, failures, claims } = episode;
  const restartsBefore = peer.restarts;
  const collisionsBefore = collisionsOf(episode);
  const startedAt = clock.now();
  counts.calls += 1;
  episode.tell(`call ${number}: ${call.kind} ${hexOf(call.argument)}, abort ${call.abortAfterMs}`);
  let says: Executed = "yes";
  try {
    const outcome = await withLimit(clock, speak(episode, call));
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
    sawRestart: peer.restarts > restartsBefore,
    sawCollision: collisionsOf(episode) > collisionsBefore,
  });
}

const collisionsOf = ({ faults }: Episode): number =>
  faults[0].counts.undetectedPackets + faults[1].counts.undetectedPackets;

/** Makes the call, and says whether its answer was right. */
async function speak(episode: Episode, call: CallPlan): Promise<"right" | "wrong"> {
  const { master, clock, counts } = episode;
  const { kind, argument, abortAfterMs } = call;
  const aborting = new AbortController();
  const { signal } = aborting;
  const cancel = abortAfterMs === null ? () => {} : clock.after(abortAfterMs, () => aborting.abort());
  try {
    if (kind === "stream") return await readStream(master, call, signal, counts);
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

function truthOf(kind: CallPlan["kind"], argument: Uint8Array): Uint8Array {
  if (kind === "nothing" || kind === "unknown name") return new Uint8Array(0);
  if (kind !== "add") return argument;
  const view = new DataView(argument.buffer);
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setInt32(0, view.getInt32(0, true) + view.getInt32(4, true), true);
  return sum;
}

function compare(answer: Uint8Array, truth: Uint8Array): "right" | "wrong" {
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

/** The line gets good: how long until a call is answered? What the slave itself is busy with doesn't count. */
async function recover(episode: Episode): Promise<number> {
  const { clock, faults, peer, counts, failures } = episode;
  for (const each of faults) {
    each.isGood = true;
    each.isDead = false;
  }
  const goodAt = clock.now();
  episode.tell("the line is good");
  const argument = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
  for (let attempt = 0; attempt < 20; attempt++) {
    argument[4] = attempt;
    const answer = await episode.master.call("echo", argument).catch(() => null);
    if (answer === null) continue;
    const recoveryMs = Math.max(0, clock.now() - Math.max(goodAt, peer.busyUntil));
    counts.addRecovery(recoveryMs);
    if (compare(answer, argument) === "wrong") failures.push("the first answer on the good line is wrong");
    if (recoveryMs > RECOVERY_LIMIT_MS) failures.push(`recovered only after ${recoveryMs.toFixed(0)} ms`);
    return recoveryMs;
  }
  failures.push("never recovered");
  return Number.POSITIVE_INFINITY;
}

/** Until nothing of the episode can run any more: holds are over, streams have timed out. */
async function sleepUntilIdle({ clock, peer }: Episode): Promise<void> {
  await new Promise<void>((go) => clock.after(3000 + Math.max(0, peer.busyUntil - clock.now()), go));
}

/** Compares what a call said with what ran. Functions that may repeat may have run any number of times. */
function judge(episode: Episode, { number, call, says, sawRestart, sawCollision }: Claim): void {
  const { peer, counts, failures } = episode;
  if (call.kind === "unknown name") return;
  const name = wireNameOf(call.kind);
  const runs = peer.log.runs(name, call.argument);
  const what = `call ${number} (${call.kind}, says "${says}")`;
  if (sawCollision) counts.judgedAfterCollision += 1;
  else if (says === "no" && runs > 0) failures.push(`${what} ran`);
  else if (says === "yes" && runs === 0) failures.push(`${what} did not run`);
  if (runs > 1 && call.kind !== "idempotent") {
    if (sawRestart) counts.twiceAcrossRestart += 1;
    else failures.push(`${what} ran ${runs} times`);
  }
}

function wireNameOf(kind: CallPlan["kind"]): string {
  if (kind === "stream") return "frames";
  return kind === "idempotent" ? "echo" : kind;
}
