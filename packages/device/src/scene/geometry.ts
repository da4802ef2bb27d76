/**
 * Places and shapes of the scene. The world is 320 units wide and 240 high, x to the right and y down,
 * and every picture of 4:3 shows the whole of it: what is drawn and what is found share these numbers.
 */

export const WORLD_WIDTH = 320;
export const WORLD_HEIGHT = 240;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Four corners, clockwise as one looks at the object, from the object's own top left. */
export type Quad = readonly [Point, Point, Point, Point];

/** A centre and a turn: clockwise, in radians. */
export interface Pose extends Point {
  readonly angle: number;
}

/** The place of an object's own point (`u` right, `v` down, from its centre). */
export function locate(pose: Pose, u: number, v: number): Point {
  const cos = Math.cos(pose.angle);
  const sin = Math.sin(pose.angle);
  return { x: pose.x + u * cos - v * sin, y: pose.y + u * sin + v * cos };
}

export function quadOf(pose: Pose, width: number, height: number): Quad {
  const u = width / 2;
  const v = height / 2;
  return [locate(pose, -u, -v), locate(pose, u, -v), locate(pose, u, v), locate(pose, -u, v)];
}

export function boundsOf(points: readonly Point[]): Rect {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
}

export function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.w <= outer.x + outer.w &&
    inner.y + inner.h <= outer.y + outer.h
  );
}

/** The part that both have, or null where that is nothing. */
export function intersect(one: Rect, other: Rect): Rect | null {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const w = Math.min(one.x + one.w, other.x + other.w) - x;
  const h = Math.min(one.y + one.h, other.y + other.h) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : null;
}
