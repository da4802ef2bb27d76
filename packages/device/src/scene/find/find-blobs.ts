/**
 * Blobs of a colour, found in the pixels themselves: every pixel within the bounds, joined with its
 * neighbours left, right, above and below. Nothing here knows what the scene holds.
 */
import type { Rect } from "../geometry.js";
import { type RawPicture, readRgb565 } from "../pixels/pixel-format.js";
import {
  addRun,
  type Blob,
  createRegion,
  finishRegion,
  joinRegions,
  type Region,
  regionRect,
} from "./blob.js";
import { labTable } from "./lab.js";

export interface BlobQuery {
  /**
   * Bounds, both ends included: `[l, l, a, a, b, b]` for RGB565, `[grey, grey]` for grey pictures. Left out
   * ends are open.
   */
  readonly thresholds: readonly (readonly number[])[];
  /** Pixels outside the bounds instead. */
  readonly invert: boolean;
  readonly roi: Rect;
  /** A blob counts if one of its pixels lies on this grid, from the corner of `roi`. */
  readonly xStride: number;
  readonly yStride: number;
  /** Least area of the bounding rectangle, and least number of pixels. */
  readonly areaThreshold: number;
  readonly pixelsThreshold: number;
  /** Joins blobs whose rectangles, `margin` pixels larger on every side, touch. */
  readonly merge: boolean;
  readonly margin: number;
}

export function findBlobs(raw: RawPicture, query: BlobQuery): Blob[] {
  const taken = new Uint8Array(raw.width * raw.height);
  const regions = query.thresholds.flatMap((threshold, index) => {
    const mask = maskOf(raw, query, threshold, taken);
    return collectRegions(mask, raw.width, query, 1 << index);
  });
  const large = regions.filter((region) => {
    const { w, h } = regionRect(region);
    return region.pixels >= query.pixelsThreshold && w * h >= query.areaThreshold;
  });
  return (query.merge ? mergeNear(large, query.margin) : large).map(finishRegion);
}

/** 1 for each pixel of the roi within the bounds that no threshold before took. */
function maskOf(
  raw: RawPicture,
  query: BlobQuery,
  threshold: readonly number[],
  taken: Uint8Array,
): Uint8Array {
  const mask = new Uint8Array(raw.width * raw.height);
  const isWithin = raw.format === "GRAYSCALE" ? greyTest(raw, threshold) : colorTest(raw, threshold);
  const { x, y, w, h } = query.roi;
  for (let row = y; row < y + h; row++) {
    for (let column = x; column < x + w; column++) {
      const pixel = row * raw.width + column;
      if (taken[pixel] === 0 && isWithin(pixel) !== query.invert) {
        mask[pixel] = 1;
        taken[pixel] = 1;
      }
    }
  }
  return mask;
}

function greyTest(raw: RawPicture, threshold: readonly number[]): (pixel: number) => boolean {
  const [low, high] = range(threshold, 0, 0, 255);
  return (pixel) => {
    const level = raw.bytes[pixel] ?? 0;
    return level >= low && level <= high;
  };
}

function colorTest(raw: RawPicture, threshold: readonly number[]): (pixel: number) => boolean {
  const lab = labTable();
  const [lLow, lHigh] = range(threshold, 0, 0, 100);
  const [aLow, aHigh] = range(threshold, 2, -128, 127);
  const [bLow, bHigh] = range(threshold, 4, -128, 127);
  return (pixel) => {
    const color = readRgb565(raw, pixel);
    const l = lab.l[color] ?? 0;
    const a = lab.a[color] ?? 0;
    const b = lab.b[color] ?? 0;
    return l >= lLow && l <= lHigh && a >= aLow && a <= aHigh && b >= bLow && b <= bHigh;
  };
}

function range(
  threshold: readonly number[],
  at: number,
  least: number,
  most: number,
): readonly [number, number] {
  const one = threshold[at] ?? least;
  const other = threshold[at + 1] ?? most;
  return [Math.min(one, other), Math.max(one, other)];
}

interface Run {
  readonly from: number;
  readonly to: number;
  region: Region;
}

/** Goes down the rows and joins each run of pixels with the runs above that it touches. */
function collectRegions(mask: Uint8Array, width: number, query: BlobQuery, code: number): Region[] {
  const regions = new Set<Region>();
  const { roi } = query;
  const onBorder = (x: number, y: number): boolean =>
    !(
      mask[y * width + x - 1] &&
      mask[y * width + x + 1] &&
      mask[(y - 1) * width + x] &&
      mask[(y + 1) * width + x]
    );
  let above: Run[] = [];
  for (let y = roi.y; y < roi.y + roi.h; y++) {
    const runs: Run[] = [];
    for (const { from, to } of runsOf(mask, width, roi, y)) {
      let region = createRegion(code);
      const touching = above.filter((run) => run.from <= to && run.to >= from);
      for (const run of touching) {
        if (run.region === region) continue;
        region = absorb(regions, [above, runs], run.region, region);
      }
      regions.add(region);
      addRun(region, from, to, y, (x) => onBorder(x, y) || x === roi.x || x === roi.x + roi.w - 1);
      if (isOnGrid(from, to, y, query)) region.isSeeded = true;
      runs.push({ from, to, region });
    }
    above = runs;
  }
  return [...regions].filter((region) => region.isSeeded);
}

/** Makes one of two regions, and tells the runs that belonged to the other. */
function absorb(regions: Set<Region>, rows: readonly Run[][], into: Region, other: Region): Region {
  if (other.pixels > 0) {
    joinRegions(into, other);
    into.isSeeded ||= other.isSeeded;
    // Pieces of one blob, not blobs merged.
    into.count = 1;
    for (const run of rows.flat()) {
      if (run.region === other) run.region = into;
    }
    regions.delete(other);
  }
  return into;
}

function* runsOf(
  mask: Uint8Array,
  width: number,
  roi: Rect,
  y: number,
): Generator<{ from: number; to: number }> {
  let from = -1;
  for (let x = roi.x; x <= roi.x + roi.w; x++) {
    const isSet = x < roi.x + roi.w && mask[y * width + x] === 1;
    if (isSet && from < 0) from = x;
    if (!isSet && from >= 0) {
      yield { from, to: x - 1 };
      from = -1;
    }
  }
}

function isOnGrid(from: number, to: number, y: number, { roi, xStride, yStride }: BlobQuery): boolean {
  if ((y - roi.y) % yStride !== 0) return false;
  const next = roi.x + Math.ceil((from - roi.x) / xStride) * xStride;
  return next <= to;
}

/** Joins until no two are near each other. */
function mergeNear(regions: readonly Region[], margin: number): Region[] {
  const merged = [...regions];
  for (let one = 0; one < merged.length; one++) {
    for (let other = merged.length - 1; other > one; other--) {
      const region = merged[one];
      const near = merged[other];
      if (region === undefined || near === undefined || !areNear(region, near, margin)) continue;
      joinRegions(region, near);
      merged.splice(other, 1);
      // The joined rectangle is larger: what was too far before may be near now.
      other = merged.length;
    }
  }
  return merged;
}

function areNear(one: Region, other: Region, margin: number): boolean {
  return (
    one.left - margin <= other.right &&
    other.left - margin <= one.right &&
    one.top - margin <= other.bottom &&
    other.top - margin <= one.bottom
  );
}
