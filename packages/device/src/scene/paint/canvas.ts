/** Paints smooth-edged shapes, given in world units, into an RGB picture of any size. */
import type { Rect } from "../geometry.js";
import type { Projection } from "../view.js";
import type { Shape } from "./shapes.js";

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** Pixels in rows from the top, three bytes each: red, green, blue. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export interface FillOptions {
  /** Makes the colour brighter (above 1) or darker at a place. */
  readonly shade?: (x: number, y: number) => number;
  /** 0 to 1. */
  readonly opacity?: number;
  /** Width of the edge in world units where it is to be softer than a pixel, as shadows are. */
  readonly blur?: number;
}

export interface Canvas {
  readonly picture: RgbPicture;
  readonly projection: Projection;
  fill(shape: Shape, color: Rgb, options?: FillOptions): void;
  /** The same picture, where only what lies within `area` (world units) is painted. */
  clipped(area: Rect): Canvas;
}

export function createCanvas(picture: RgbPicture, projection: Projection, area?: Rect): Canvas {
  const { width, height, data } = picture;
  const { scale, originX, originY } = projection;
  const clip = (value: number, end: number): number => Math.min(Math.max(value, 0), end);
  const column = (x: number): number => clip(Math.round((x - originX) * scale), width);
  const row = (y: number): number => clip(Math.round((y - originY) * scale), height);
  const first = { column: area ? column(area.x) : 0, row: area ? row(area.y) : 0 };
  const end = { column: area ? column(area.x + area.w) : width, row: area ? row(area.y + area.h) : height };
  return {
    picture,
    projection,
    clipped: (inner) => createCanvas(picture, projection, inner),
    fill({ bounds, distance }, [red, green, blue], { shade, opacity = 1, blur = 0 } = {}) {
      const steepness = blur === 0 ? scale : 1 / blur;
      const soft = 1 + (blur / 2) * scale;
      const left = Math.max(Math.floor((bounds.x - originX) * scale - soft), first.column);
      const right = Math.min(Math.ceil((bounds.x + bounds.w - originX) * scale + soft), end.column);
      const top = Math.max(Math.floor((bounds.y - originY) * scale - soft), first.row);
      const bottom = Math.min(Math.ceil((bounds.y + bounds.h - originY) * scale + soft), end.row);
      for (let row = top; row < bottom; row++) {
        const y = (row + 0.5) / scale + originY;
        for (let column = left; column < right; column++) {
          const x = (column + 0.5) / scale + originX;
          const inside = 0.5 - distance(x, y) * steepness;
          if (inside <= 0) continue;
          const alpha = Math.min(inside, 1) * opacity;
          const light = shade === undefined ? 1 : shade(x, y);
          const at = (row * width + column) * 3;
          data[at] = mix(data[at], red * light, alpha);
          data[at + 1] = mix(data[at + 1], green * light, alpha);
          data[at + 2] = mix(data[at + 2], blue * light, alpha);
        }
      }
    },
  };
}

function mix(below: number | undefined, above: number, alpha: number): number {
  return (below ?? 0) * (1 - alpha) + above * alpha;
}
