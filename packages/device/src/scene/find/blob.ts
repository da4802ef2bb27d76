/** A region of pixels while it grows, and what a finished blob tells of itself. */
import type { Point, Rect } from "../geometry.js";

export interface Blob {
  readonly rect: Rect;
  /** The pixels' mean place. */
  readonly center: Point;
  readonly pixels: number;
  /** Of the longer axis, 0 to pi, in radians. */
  readonly rotation: number;
  /** One bit for each threshold that a part of it met. */
  readonly code: number;
  /** How many blobs were merged into it. */
  readonly count: number;
  /** Pixels on its edge. */
  readonly perimeter: number;
  /** 0 for a line to 1 for a disc: how its shorter axis compares to its longer one. */
  readonly roundness: number;
  /** Its outermost pixels: top left, top right, bottom right, bottom left. */
  readonly corners: readonly Point[];
  /** The smallest rectangle round it, turned as it has to be. */
  readonly minCorners: readonly Point[];
}

/** The outermost pixel is known in this many directions. */
const DIRECTIONS = 120;
const QUARTER = DIRECTIONS / 4;

const COSINES = Float64Array.from({ length: DIRECTIONS }, (_, at) =>
  Math.cos((at / DIRECTIONS) * 2 * Math.PI),
);
const SINES = Float64Array.from({ length: DIRECTIONS }, (_, at) => Math.sin((at / DIRECTIONS) * 2 * Math.PI));

export interface Region {
  left: number;
  right: number;
  top: number;
  bottom: number;
  pixels: number;
  perimeter: number;
  sumX: number;
  sumY: number;
  sumXX: number;
  sumYY: number;
  sumXY: number;
  code: number;
  count: number;
  isSeeded: boolean;
  /** By direction: how far out, and the pixel that is. */
  readonly reach: Float64Array;
  readonly outermost: Point[];
}

export function createRegion(code: number): Region {
  return {
    ...{ left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity },
    ...{ pixels: 0, perimeter: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 },
    ...{ code, count: 1, isSeeded: false },
    reach: new Float64Array(DIRECTIONS).fill(-Infinity),
    outermost: [],
  };
}

/** Adds the pixels `from` to `to`, both included, of row `y`. */
export function addRun(
  region: Region,
  from: number,
  to: number,
  y: number,
  isEdge: (x: number) => boolean,
): void {
  for (let x = from; x <= to; x++) {
    region.pixels++;
    region.sumX += x;
    region.sumY += y;
    region.sumXX += x * x;
    region.sumYY += y * y;
    region.sumXY += x * y;
    if (isEdge(x)) region.perimeter++;
  }
  region.left = Math.min(region.left, from);
  region.right = Math.max(region.right, to);
  region.top = Math.min(region.top, y);
  region.bottom = Math.max(region.bottom, y);
  reachOut(region, { x: from, y });
  reachOut(region, { x: to, y });
}

function reachOut(region: Region, point: Point): void {
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const far = point.x * (COSINES[direction] ?? 0) + point.y * (SINES[direction] ?? 0);
    if (far > (region.reach[direction] ?? 0)) {
      region.reach[direction] = far;
      region.outermost[direction] = point;
    }
  }
}

/** Adds all of `other` to `region`. */
export function joinRegions(region: Region, other: Region): void {
  region.left = Math.min(region.left, other.left);
  region.right = Math.max(region.right, other.right);
  region.top = Math.min(region.top, other.top);
  region.bottom = Math.max(region.bottom, other.bottom);
  for (const sum of ["pixels", "perimeter", "sumX", "sumY", "sumXX", "sumYY", "sumXY", "count"] as const) {
    region[sum] += other[sum];
  }
  region.code |= other.code;
  for (const point of new Set(other.outermost)) reachOut(region, point);
}

export function regionRect({ left, top, right, bottom }: Region): Rect {
  return { x: left, y: top, w: right - left + 1, h: bottom - top + 1 };
}

export function finishRegion(region: Region): Blob {
  const { pixels, perimeter, code, count } = region;
  const center = { x: region.sumX / pixels, y: region.sumY / pixels };
  const xx = region.sumXX / pixels - center.x ** 2;
  const yy = region.sumYY / pixels - center.y ** 2;
  const xy = region.sumXY / pixels - center.x * center.y;
  const half = Math.hypot((xx - yy) / 2, xy);
  const longer = (xx + yy) / 2 + half;
  const turn = Math.atan2(2 * xy, xx - yy) / 2;
  const rotation = turn < 0 ? turn + Math.PI : turn;
  return {
    ...{ rect: regionRect(region), center, pixels, perimeter, code, count, rotation },
    roundness: longer > 0 ? Math.max(0, (longer - 2 * half) / longer) : 1,
    corners: cornersOf(region),
    minCorners: smallestRectangle(region),
  };
}

function cornersOf({ outermost }: Region): Point[] {
  const at = (eighth: number): Point => outermost[(eighth * DIRECTIONS) / 8] ?? { x: 0, y: 0 };
  return [at(5), at(7), at(1), at(3)];
}

/** Tries a rectangle along each direction; its sides lie at the outermost pixels. */
function smallestRectangle({ reach }: Region): Point[] {
  const far = (direction: number): number => reach[direction % DIRECTIONS] ?? 0;
  const areaAt = (at: number): number =>
    (far(at) + far(at + 2 * QUARTER)) * (far(at + QUARTER) + far(at + 3 * QUARTER));
  let best = 0;
  for (let at = 1; at < QUARTER; at++) {
    if (areaAt(at) < areaAt(best)) best = at;
  }
  const cos = COSINES[best] ?? 1;
  const sin = SINES[best] ?? 0;
  const corner = (u: number, v: number): Point => ({
    x: Math.round(u * cos - v * sin),
    y: Math.round(u * sin + v * cos),
  });
  const [right, down, left, up] = [0, 1, 2, 3].map((quarter) => far(best + quarter * QUARTER)) as [
    number,
    number,
    number,
    number,
  ];
  return [corner(-left, -up), corner(right, -up), corner(right, down), corner(-left, down)];
}
