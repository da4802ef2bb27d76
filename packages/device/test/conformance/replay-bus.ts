/**
 * An I2C or SPI bus on which a recorded peer speaks, in virtual time: the board under test plays one side of an
 * exchange, this plays the other and compares. Equal transactions in a row are one step, as how often a master tries
 * again is timing; the ones that a slave did not acknowledge are left out where the board is the slave.
 */
import type { BoardClock } from "../../src/board/board-clock.js";
import {
  type BusBoardEnd,
  type BusTransaction,
  READ_ENDED,
  WRITE_ENDED,
} from "../../src/board/bus-channel.js";
import type { BusExchange, BusStep } from "./exchange.js";
import { ReplayOver } from "./replay-uart.js";

/** How long the board is watched after the last transaction. */
const AFTERMATH_MS = 3000;

export interface ReplayBus {
  readonly bus: BusBoardEnd;
  readonly clock: BoardClock;
  /** What the board did otherwise than recorded; null: nothing. To be asked at the end. */
  difference(): string | null;
}

interface Time {
  nowMs: number;
}

export function createReplayBus(exchange: BusExchange, plays: "master" | "slave"): ReplayBus {
  const time: Time = { nowMs: 0 };
  const played = plays === "slave" ? playMaster(exchange, time) : playSlave(exchange, time);
  const pass = (ms: number): void => {
    time.nowMs += ms;
  };
  const unused = (): never => {
    throw new Error(`a ${plays} does not do that`);
  };
  const bus: BusBoardEnd = {
    openTarget: unused,
    takeEnds: () => 0,
    answerAgain() {},
    closeTarget() {},
    wait: pass,
    waitForSelect: unused,
    shift: unused,
    transact: unused,
    ...played.bus,
  };
  return {
    bus,
    clock: {
      now: () => time.nowMs,
      sleep: pass,
    },
    difference: played.difference,
  };
}

/** The recorded master, for a board that is slave. */
function playMaster({ steps }: BusExchange, time: Time) {
  const heard = steps.filter((step) => step.acknowledged);
  let next = 0;
  let difference: string | null = null;
  let target: { readonly address: number; readonly memory: Uint8Array } | null = null;
  let ends = 0;
  let selected = false;
  let lastMs = 0;

  const differs = (text: string): void => {
    difference ??= `in transaction ${next} ${text}`;
  };
  /** The transaction that is due within this time, at its moment; or the time has passed. */
  const due = (timeoutMs: number): BusStep | null => {
    const step = heard[next];
    if (step === undefined && time.nowMs - lastMs > AFTERMATH_MS) throw new ReplayOver();
    // As much later than the one before as in the recording.
    const dueMs = step === undefined ? Infinity : lastMs + step.atMs - (heard[next - 1]?.atMs ?? 0);
    if (step === undefined || dueMs > time.nowMs + timeoutMs) {
      time.nowMs += timeoutMs;
      return null;
    }
    time.nowMs = Math.max(time.nowMs, dueMs);
    return step;
  };
  const happened = (): void => {
    next += 1;
    lastMs = time.nowMs;
  };

  const bus: Partial<BusBoardEnd> = {
    openTarget(address, memory) {
      target = { address, memory: memory.slice() };
      ends = 0;
    },
    closeTarget() {
      target = null;
    },
    takeEnds(memory) {
      const taken = ends;
      ends = 0;
      if ((taken & WRITE_ENDED) !== 0 && target !== null) memory.set(target.memory);
      return taken;
    },
    wait(timeoutMs) {
      const step = target !== null && ends === 0 ? due(timeoutMs) : null;
      if (step === null || target === null) return;
      const { address, memory } = target;
      if (address !== step.address) differs(`it listens at ${address}`);
      if (step.sent !== null) {
        step.sent.forEach((byte, at) => {
          memory[at % memory.length] = byte;
        });
        ends = WRITE_ENDED;
      } else {
        const offered = Buffer.from(memory).toString("hex");
        const wanted = Buffer.from(step.received ?? []).toString("hex");
        if (offered !== wanted) differs(`it holds out ${offered} where the recording has ${wanted}`);
        ends = READ_ENDED;
      }
      happened();
    },
    waitForSelect(timeoutMs) {
      selected ||= due(timeoutMs) !== null;
      return selected;
    },
    shift(out, into, timeoutMs) {
      const step = heard[next];
      if (!selected || step === undefined) {
        time.nowMs += timeoutMs;
        return 0;
      }
      selected = false;
      const sent = step.sent ?? new Uint8Array(0);
      // A master that clocks more than the slave has gets zeros.
      const shifted = Buffer.from(out.subarray(0, sent.length))
        .toString("hex")
        .padEnd(sent.length * 2, "0");
      const wanted = Buffer.from(step.received ?? []).toString("hex");
      if (shifted !== wanted) differs(`it shifts ${shifted} out where the recording has ${wanted}`);
      into.set(sent.subarray(0, into.length));
      happened();
      if (sent.length < out.length) time.nowMs += timeoutMs;
      return Math.min(sent.length, out.length);
    },
  };
  return {
    bus,
    difference: () => difference ?? (next < heard.length ? `it never let transaction ${next} happen` : null),
  };
}

/** The recorded slave, for a board that is master. */
function playSlave({ steps }: BusExchange, time: Time) {
  const runs = toRuns(steps);
  let run = 0;
  let tries = 0;
  let difference: string | null = null;

  const bus: Partial<BusBoardEnd> = {
    transact(transaction) {
      const text = asText(transaction);
      if (tries > 0 && runs[run + 1]?.text === text) {
        run += 1;
        tries = 0;
      }
      const current = runs[run];
      if (current === undefined || current.text !== text) {
        difference ??= `after ${time.nowMs.toFixed(1)} ms it does ${text} where the recording has ${runs[run + (tries > 0 ? 1 : 0)]?.text ?? "nothing"}`;
        return null;
      }
      const outcome = current.outcomes[Math.min(tries, current.outcomes.length - 1)];
      tries += 1;
      time.nowMs += 0.1;
      if (outcome === undefined || !outcome.acknowledged) return null;
      return outcome.received ?? new Uint8Array(0);
    },
  };
  return {
    bus,
    difference: () => difference ?? (run < runs.length - 1 ? `it never did ${runs[run + 1]?.text}` : null),
  };
}

function toRuns(steps: readonly BusStep[]): { readonly text: string; readonly outcomes: BusStep[] }[] {
  const runs: { text: string; outcomes: BusStep[] }[] = [];
  for (const step of steps) {
    const text = asText({ address: step.address, sent: step.sent, receivedLength: step.length });
    const last = runs.at(-1);
    if (last?.text === text) last.outcomes.push(step);
    else runs.push({ text, outcomes: [step] });
  }
  return runs;
}

function asText({ address, sent, receivedLength }: BusTransaction): string {
  if (sent === null) return `a read of ${receivedLength} bytes at ${address}`;
  return `a transfer of ${Buffer.from(sent).toString("hex")} at ${address}`;
}
