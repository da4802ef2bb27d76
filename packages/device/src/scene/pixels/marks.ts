/** What a script draws into its own picture: lines and rectangles, in the picture's pixels. */
import type { Rect } from "../geometry.js";
import type { RawPicture } from "./pixel-format.js";

/** A pixel's value in the picture's format: 16 bits of RGB565, or a brightness. */
export type PixelValue = number;

/** From one pixel to another, both included. `thickness` in pixels. What lies outside is left out. */
export function markLine(
  raw: RawPicture,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  value: PixelValue,
  thickness: number,
): void {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1);
  const before = Math.floor((thickness - 1) / 2);
  for (let step = 0; step <= steps; step++) {
    const x = Math.round(x0 + ((x1 - x0) * step) / steps) - before;
    const y = Math.round(y0 + ((y1 - y0) * step) / steps) - before;
    markArea(raw, { x, y, w: thickness, h: thickness }, value);
  }
}

export function markArea(raw: RawPicture, area: Rect, value: PixelValue): void {
  const right = Math.min(area.x + area.w, raw.width);
  const bottom = Math.min(area.y + area.h, raw.height);
  for (let y = Math.max(area.y, 0); y < bottom; y++) {
    for (let x = Math.max(area.x, 0); x < right; x++) {
      const pixel = y * raw.width + x;
      if (raw.format === "GRAYSCALE") {
        raw.bytes[pixel] = value;
      } else {
        raw.bytes[pixel * 2] = value & 0xff;
        raw.bytes[pixel * 2 + 1] = value >> 8;
      }
    }
  }
}
