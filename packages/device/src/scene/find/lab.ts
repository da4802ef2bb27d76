/** Colours as OpenMV's thresholds have them: L 0 to 100, a and b -128 to 127, whole numbers, of RGB565. */
import { expandRgb565 } from "../pixels/pixel-format.js";

export interface LabTable {
  /** Indexed by a 16-bit RGB565 pixel. */
  readonly l: Int8Array;
  readonly a: Int8Array;
  readonly b: Int8Array;
}

let made: LabTable | null = null;

/** Made on first use: 65,536 colours. */
export function labTable(): LabTable {
  made ??= makeTable();
  return made;
}

function makeTable(): LabTable {
  const table = { l: new Int8Array(65_536), a: new Int8Array(65_536), b: new Int8Array(65_536) };
  const linear = Float64Array.from({ length: 256 }, (_, level) => linearOf(level / 255));
  const light = (level: number): number => linear[level] ?? 0;
  for (let pixel = 0; pixel < 65_536; pixel++) {
    const rgb = expandRgb565(pixel);
    const red = light(rgb >> 16);
    const green = light((rgb >> 8) & 0xff);
    const blue = light(rgb & 0xff);
    // sRGB to XYZ under D65, relative to its white.
    const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
    const y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
    table.l[pixel] = Math.round(116 * y - 16);
    table.a[pixel] = Math.round(500 * (x - y));
    table.b[pixel] = Math.round(200 * (y - z));
  }
  return table;
}

function linearOf(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function curve(value: number): number {
  return value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116;
}
