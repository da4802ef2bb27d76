/**
 * A UART at whose other end a recorded peer speaks, in virtual time: the board under test plays one side
 * of an exchange, this plays the other and compares. A step of the recorded peer comes when everything
 * before it has happened, as much later as in the recording.
 */
import type { BoardClock } from "../../src/board/board-clock.js";
import type { ByteBoardEnd } from "../../src/board/byte-channel.js";
import type { Direction, Exchange } from "./exchange.js";
import { type Delivery, toDeliveries, toSteps } from "./recorded-steps.js";

/** How long the board is watched after the last step: it should have nothing more to say. */
const AFTERMATH_MS = 3000;
const STREAM_SETUP = "f6ed";

export interface ReplayUart {
  readonly uart: ByteBoardEnd;
  readonly clock: BoardClock;
  /** What the board did otherwise than recorded; null: nothing. To be asked at the end. */
  difference(): string | null;
}

export interface ReplayOptions {
  /** The side that the board plays. */
  readonly mine: Direction;
  /** Received before the exchange begins, … */
  readonly noise?: Uint8Array;
  /** … this much before it. */
  readonly noiseBeforeMs?: number;
}

/** Ends a script that would serve for ever; it passes through MicroPython unseen. */
export class ReplayOver extends Error {}

export function createReplayUart(exchange: Pick<Exchange, "bytes">, options: ReplayOptions): ReplayUart {
  const { mine, noise = new Uint8Array(0), noiseBeforeMs = 0 } = options;
  const steps = toSteps(exchange);
  const deliveries = toDeliveries(exchange, steps, mine === "m2s" ? "s2m" : "m2s");
  /** When each step happened here: ours once it was sent whole, the peer's with its first try. */
  const happenedMs: (number | undefined)[] = [];
  let nowMs = 0;
  let received = [...noise];
  let delivered = 0;
  let difference: string | null = null;
  let quietSinceMs: number | null = null;

  const nextDelivery = (): { readonly delivery: Delivery; readonly dueMs: number } | null => {
    // Once it has its answer, a peer does not try again.
    while ((deliveries[delivered]?.copy ?? 0) > 0 && happenedMs[(deliveries[delivered]?.step ?? 0) + 1]) {
      delivered += 1;
    }
    const delivery = deliveries[delivered];
    if (delivery === undefined) return null;
    const beforeMs = delivery.step === 0 ? noiseBeforeMs : happenedMs[delivery.step - 1];
    return beforeMs === undefined ? null : { delivery, dueMs: beforeMs + delivery.gapMs };
  };

  const deliverUntil = (untilMs: number, enough: () => boolean): void => {
    while (!enough()) {
      const next = nextDelivery();
      if (next === null || next.dueMs > untilMs) {
        nowMs = untilMs;
        return;
      }
      nowMs = Math.max(nowMs, next.dueMs);
      happenedMs[next.delivery.step] ??= nowMs;
      received.push(...next.delivery.data);
      delivered += 1;
    }
  };
  const advance = (ms: number): void => deliverUntil(nowMs + ms, () => false);

  const said = createListener(exchange, mine, {
    hasHappened: (step) => happenedMs[step] !== undefined,
    onStep(step) {
      happenedMs[step] = nowMs;
    },
    onDifference(text) {
      difference ??= `after ${nowMs.toFixed(1)} ms ${text}`;
    },
  });

  const endWhenQuiet = (): void => {
    if (nextDelivery() !== null || received.length > 0) quietSinceMs = null;
    else quietSinceMs ??= nowMs;
    if (quietSinceMs !== null && nowMs - quietSinceMs > AFTERMATH_MS) throw new ReplayOver();
  };

  return {
    clock: { now: () => nowMs, sleep: advance },
    uart: {
      available(): number {
        advance(0);
        return received.length;
      },
      waitForData(timeoutMs: number): boolean {
        endWhenQuiet();
        deliverUntil(nowMs + timeoutMs, () => received.length > 0);
        return received.length > 0;
      },
      take(into: Uint8Array): number {
        const taken = received.slice(0, into.length);
        received = received.slice(into.length);
        into.set(taken);
        return taken.length;
      },
      send(data) {
        said.listen(Buffer.from(data).toString("hex"));
        return true;
      },
      connection: () => 0,
      hangUp() {},
    },
    difference: () => difference ?? said.missing(),
  };
}

interface ListenerOptions {
  hasHappened(step: number): boolean;
  onStep(step: number): void;
  onDifference(text: string): void;
}

/** Compares what the board sends with what its side sent in the recording. */
function createListener(exchange: Pick<Exchange, "bytes">, mine: Direction, options: ListenerOptions) {
  const steps = toSteps(exchange);
  let step = steps.findIndex(({ dir }) => dir === mine);
  let last = "";
  let sent = "";
  const mineAfter = (index: number): number => {
    const next = steps.findIndex(({ dir }, at) => at > index && dir === mine);
    return next < 0 ? steps.length : next;
  };
  /** A stream's writer may be ahead of the reader's credits; in calls everything has its turn. */
  const isStreaming = (): boolean =>
    steps.some(({ hex }, at) => hex.includes(STREAM_SETUP) && options.hasHappened(at));
  const isMyTurn = (): boolean =>
    sent !== "" || isStreaming() || steps.slice(0, step).every((_, at) => options.hasHappened(at));

  return {
    listen(hex: string): void {
      const expected = steps[step]?.hex.slice(sent.length) ?? "";
      const part = hex.slice(0, expected.length);
      if (part !== "" && expected.startsWith(part) && isMyTurn()) {
        sent += part;
        if (sent === steps[step]?.hex) {
          options.onStep(step);
          last = sent;
          sent = "";
          step = mineAfter(step);
        }
        if (part !== hex) this.listen(hex.slice(part.length));
      } else if (sent !== "" || hex !== last) {
        options.onDifference(`it sent ${hex} where the recording has ${expected || "nothing"}`);
      }
    },
    /** What it left unsaid. */
    missing(): string | null {
      const rest = steps[step]?.hex.slice(sent.length);
      return rest === undefined ? null : `it never sent ${rest}`;
    },
  };
}
