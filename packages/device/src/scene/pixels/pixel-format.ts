/** Pixels as the camera holds them in memory: RGB565, two bytes little-endian, or one byte of grey. */
import type { RgbPicture } from "../paint/canvas.js";

export type PixelFormat = "RGB565" | "GRAYSCALE";

/** A picture in the camera's memory; what is written into `bytes` is written there. */
export interface RawPicture {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
  /** `width * height * bytesPerPixel(format)` of them, in rows from the top. */
  readonly bytes: Uint8Array;
}

export function bytesPerPixel(format: PixelFormat): number {
  return format === "RGB565" ? 2 : 1;
}

/** Writes a drawn picture into memory in the raw picture's format; both have the same size. */
export function storePicture(picture: RgbPicture, raw: RawPicture): void {
  const { data } = picture;
  const { bytes } = raw;
  const count = raw.width * raw.height;
  for (let pixel = 0; pixel < count; pixel++) {
    const red = data[pixel * 3] ?? 0;
    const green = data[pixel * 3 + 1] ?? 0;
    const blue = data[pixel * 3 + 2] ?? 0;
    if (raw.format === "GRAYSCALE") {
      bytes[pixel] = luminance(red, green, blue);
    } else {
      bytes[pixel * 2] = ((green << 3) & 0xe0) | (blue >> 3);
      bytes[pixel * 2 + 1] = (red & 0xf8) | (green >> 5);
    }
  }
}

/** Red, green and blue of a 16-bit pixel, 0 to 255 each, in one number 0xRRGGBB. */
export function expandRgb565(pixel: number): number {
  const red = pixel >> 11;
  const green = (pixel >> 5) & 0x3f;
  const blue = pixel & 0x1f;
  return (((red << 3) | (red >> 2)) << 16) | (((green << 2) | (green >> 4)) << 8) | (blue << 3) | (blue >> 2);
}

export function readRgb565(raw: RawPicture, pixel: number): number {
  return (raw.bytes[pixel * 2] ?? 0) | ((raw.bytes[pixel * 2 + 1] ?? 0) << 8);
}

/** How bright a pixel is, 0 to 255; `pixel` counts along the rows. */
export function brightness(raw: RawPicture, pixel: number): number {
  if (raw.format === "GRAYSCALE") return raw.bytes[pixel] ?? 0;
  const rgb = expandRgb565(readRgb565(raw, pixel));
  return luminance(rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff);
}

/** Writes the picture as red, green and blue, a byte each, into `rgb`. */
export function toRgb(raw: RawPicture, rgb: Uint8Array): void {
  const count = raw.width * raw.height;
  for (let pixel = 0; pixel < count; pixel++) {
    const grey = raw.bytes[pixel] ?? 0;
    const color = raw.format === "GRAYSCALE" ? grey * 0x010101 : expandRgb565(readRgb565(raw, pixel));
    rgb[pixel * 3] = color >> 16;
    rgb[pixel * 3 + 1] = (color >> 8) & 0xff;
    rgb[pixel * 3 + 2] = color & 0xff;
  }
}

function luminance(red: number, green: number, blue: number): number {
  return (red * 38 + green * 75 + blue * 15) >> 7;
}
