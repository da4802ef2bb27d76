import { createMaster } from "../../src/index.js";
import { compare, judge, makeCall } from "./campaign-call.js";
import type { EpisodeCounts } from "./campaign-counts.js";
import { type Episode, openEpisode } from "./campaign-episode.js";
import type { LinkKind, PeerKind } from "./campaign-line.js";
import { type EpisodePlan, planCall } from "./campaign-plan.js";

export interface EpisodeResult {
  readonly plan: EpisodePlan;
  readonly counts: EpisodeCounts;
  /** What must not be, in words; each with the call's number. */
  readonly failures: readonly string[];
  /** From the moment when the line was good (and the slave free) until a call was answered, ms. */
  readonly recoveryMs: number;
}

/** `watch` is told of every write, reset and outcome: to look at an episode that failed. */
export async function runEpisode(
  link: LinkKind,
  kind: PeerKind,
  calls: number,
  seed: number,
  watch?: (event: string) => void,
): Promise<EpisodeResult> {
  const episode = await openEpisode(link, kind, seed, watch);
  const { clock, failures, plan } = episode;
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
    await clock.run(episode.line.close());
  } catch (error) {
    failures.push(
      `the episode broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  if (clock.pendingTimers > 0) {
    await clock.advance(20_000);
    if (clock.pendingTimers > 0) failures.push(`${clock.pendingTimers} timers are left`);
  }
  for (const faults of episode.faults) episode.counts.addFaults(faults.counts, faults.happened);
  return { plan, counts: episode.counts, failures, recoveryMs };
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

/** Its program is killed and started again: nothing is tidied up on the line but what its system does. */
function restartMaster(episode: Episode): void {
  const { clock, counts, port, newPort } = episode;
  counts.masterRestarts += 1;
  episode.tell("master reset");
  port.revoke();
  episode.line.masterDied?.();
  episode.port = newPort();
  episode.master = createMaster(episode.port.link, { clock });
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
    if (recoveryMs > episode.line.recoveryLimitMs)
      failures.push(`recovered only after ${recoveryMs.toFixed(0)} ms`);
    return recoveryMs;
  }
  failures.push("never recovered");
  return Number.POSITIVE_INFINITY;
}

/** Until nothing of the episode can run any more: holds are over, streams have timed out. */
async function sleepUntilIdle({ clock, peer }: Episode): Promise<void> {
  await new Promise<void>((go) => clock.after(3000 + Math.max(0, peer.busyUntil - clock.now()), go));
}
