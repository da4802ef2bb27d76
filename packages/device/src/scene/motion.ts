/** How objects move: smooth and for ever, as a function of time alone, so any moment can be drawn again. */
import type { Pose } from "./geometry.js";
import type { Random } from "./random.js";

export type Motion = (timeMs: number) => Pose;

export interface Sway {
  /** The middle of the movement, in world units. */
  readonly x: number;
  readonly y: number;
  /** How far it goes to each side, in world units. */
  readonly reachX?: number;
  readonly reachY?: number;
  /** How far it turns to each side, in radians; `Infinity`: round and round. */
  readonly turn?: number;
  /** The periods are chosen between these. */
  readonly fastestMs: number;
  readonly slowestMs: number;
}

/** A pendulum in x, y and angle, each with a period and a start of its own. */
export function sway(random: Random, options: Sway): Motion {
  const { x, y, reachX = 0, reachY = 0, turn = 0, fastestMs, slowestMs } = options;
  const phase = (): ((timeMs: number) => number) => {
    const periodMs = random.between(fastestMs, slowestMs);
    const start = random.between(0, 2 * Math.PI);
    return (timeMs) => start + (timeMs / periodMs) * 2 * Math.PI;
  };
  const phaseX = phase();
  const phaseY = phase();
  const phaseTurn = phase();
  const direction = random.chance(0.5) ? 1 : -1;
  return (timeMs) => ({
    x: x + reachX * Math.sin(phaseX(timeMs)),
    y: y + reachY * Math.sin(phaseY(timeMs)),
    angle: turn === Infinity ? direction * phaseTurn(timeMs) : turn * Math.sin(phaseTurn(timeMs)),
  });
}
