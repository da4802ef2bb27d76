/** Brightness, contrast and gamma of a picture in memory, in place. */
import { expandRgb565, type RawPicture, readRgb565 } from "./pixel-format.js";

export interface Tone {
  readonly gamma: number;
  readonly contrast: number;
  /** Added after the contrast; 1 is the whole range. */
  readonly brightness: number;
}

export function adjustTone(raw: RawPicture, { gamma, contrast, brightness }: Tone): void {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, level) => {
    const bent = (level / 255) ** (1 / gamma);
    return Math.round((bent * contrast + brightness) * 255);
  });
  const at = (level: number): number => table[level] ?? 0;
  const count = raw.width * raw.height;
  for (let pixel = 0; pixel < count; pixel++) {
    if (raw.format === "GRAYSCALE") {
      raw.bytes[pixel] = at(raw.bytes[pixel] ?? 0);
      continue;
    }
    const rgb = expandRgb565(readRgb565(raw, pixel));
    const green = at((rgb >> 8) & 0xff);
    raw.bytes[pixel * 2] = ((green << 3) & 0xe0) | (at(rgb & 0xff) >> 3);
    raw.bytes[pixel * 2 + 1] = (at(rgb >> 16) & 0xf8) | (green >> 5);
  }
}
