/**
 * Two ends with a line between them that takes its time: each write is under way for a delay, its bytes go out
 * one after the other at the line's speed, and their order is kept, as on every cable. An end is a whole `Link`
 * for our peers; models of stock peers, which read by rules of their own, use what is behind it.
 */
import type { Clock } from "../clock.js";
import type { Link } from "../link/link.js";
import { type Arrivals, createArrivals } from "./arrivals.js";
import type { Faults } from "./faults.js";
import { createRandom, type Random } from "./seeded-random.js";
import { createTimedLink, type TimedLink } from "./timed-link.js";

export interface TimedLineOptions {
  readonly clock: Clock;
  /** How long each write is under way, one way. */
  readonly oneWayMs: number;
  /** Part of `oneWayMs` by which single writes are sooner or later, 0 to 1; 0 by default. */
  readonly jitter?: number;
  /**
   * How quickly the delay changes, ms: it wanders from one chance value to the next in this time, so that writes
   * close to each other are late by nearly the same. 0, by default: each write is late by chance of its own.
   */
  readonly wanderMs?: number;
  /** What jitter comes from; seed 1 by default. */
  readonly random?: Random;
  /** Speed of the wire, 10 bits a byte; without limit by default. */
  readonly baudRate?: number;
  /** Whether the ends' traits tell that speed, as a serial port's do; true by default. */
  readonly tellsSpeed?: boolean;
  /** What the ends' traits say of stalls, which `faults` make; nothing by default. */
  readonly stallsMs?: number;
  /** What happens to the bytes of each direction on their way; nothing by default. */
  readonly faults?: { readonly aToB?: Pick<Faults, "apply">; readonly bToA?: Pick<Faults, "apply"> };
  /** Told of each write before it goes out, from end `a` or from end `b`: the place to break things from. */
  readonly onSend?: (from: "a" | "b", bytes: Uint8Array) => void;
}

export interface LineEnd {
  readonly link: Link;
  readonly clock: Clock;
  /** What comes to this end. Whoever reads here must not read `link`. */
  readonly arrivals: Arrivals;
  /** Puts bytes on the wire behind all others and returns when the last one has left this end. */
  send(bytes: Uint8Array): number;
}

/** The two ends, `a` and `b`. */
export function createTimedLine(options: TimedLineOptions): { readonly a: LineEnd; readonly b: LineEnd } {
  const random = options.random ?? createRandom(1);
  const toA = createArrivals();
  const toB = createArrivals();
  const fromA = createWire("a", { ...options, random }, toB, options.faults?.aToB);
  const fromB = createWire("b", { ...options, random }, toA, options.faults?.bToA);
  const a: TimedLink = joinEnd(options, toA, fromA, () => b);
  const b: TimedLink = joinEnd(options, toB, fromB, () => a);
  const { clock } = options;
  return {
    a: { link: a.link, clock, arrivals: toA, send: fromA },
    b: { link: b.link, clock, arrivals: toB, send: fromB },
  };
}

function joinEnd(
  options: TimedLineOptions,
  arrivals: Arrivals,
  send: (bytes: Uint8Array) => number,
  other: () => TimedLink,
): TimedLink {
  const { clock, baudRate, tellsSpeed = true } = options;
  return createTimedLink({
    clock,
    arrivals,
    send,
    bytesPerMs: tellsSpeed && baudRate !== undefined ? bytesPerMsOf(baudRate) : null,
    stallsMs: options.stallsMs ?? null,
    onClose: () => other().endBecause("the other end of the line was closed"),
  });
}

const bytesPerMsOf = (baudRate: number) => baudRate / 10_000;

/** One direction: where each byte goes, and when it lands. */
function createWire(
  from: "a" | "b",
  options: TimedLineOptions & { readonly random: Random },
  arrivals: Arrivals,
  faults: Pick<Faults, "apply"> | undefined,
): (bytes: Uint8Array) => number {
  const { clock, oneWayMs, jitter = 0, wanderMs = 0, random, baudRate } = options;
  const msPerByte = baudRate === undefined ? 0 : 1 / bytesPerMsOf(baudRate);
  let freeAt = 0;
  const lateness = wanderMs > 0 ? createWander(random, wanderMs) : () => 2 * random() - 1;

  function land(bytes: Uint8Array, leavesAt: number, lateMs: number): void {
    const delayMs = jitter === 0 ? oneWayMs : oneWayMs * (1 + jitter * lateness(clock.now()));
    const firstAt = Math.max(leavesAt + msPerByte + delayMs + lateMs, arrivals.lastAt + msPerByte);
    arrivals.add(bytes, firstAt, msPerByte);
  }

  return (bytes) => {
    options.onSend?.(from, bytes);
    const leavesAt = Math.max(freeAt, clock.now());
    freeAt = leavesAt + bytes.length * msPerByte;
    if (faults === undefined) land(bytes.slice(), leavesAt, 0);
    else for (const piece of faults.apply(bytes)) land(piece.bytes, leavesAt, piece.delayMs);
    return freeAt;
  };
}

/** A value between -1 and 1 that goes in a straight line from one chance value to the next. */
function createWander(random: Random, stepMs: number): (now: number) => number {
  let stepAt = 0;
  let from = 2 * random() - 1;
  let to = 2 * random() - 1;
  return (now) => {
    while (now >= stepAt + stepMs) {
      stepAt += stepMs;
      from = to;
      to = 2 * random() - 1;
    }
    return from + ((to - from) * (now - stepAt)) / stepMs;
  };
}
