import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import { createScene } from "../create-scene.js";
import { adjustTone } from "./adjust-tone.js";
import { encodeJpeg } from "./jpeg.js";
import { markArea, markLine } from "./marks.js";
import {
  brightness,
  bytesPerPixel,
  expandRgb565,
  type PixelFormat,
  type RawPicture,
  storePicture,
  toRgb,
} from "./pixel-format.js";

function blank(format: PixelFormat, width: number, height: number): RawPicture {
  return { format, width, height, bytes: new Uint8Array(width * height * bytesPerPixel(format)) };
}

function snapshot(format: PixelFormat, width: number, height: number): RawPicture {
  const raw = blank(format, width, height);
  storePicture(createScene(2).draw(0, width, height), raw);
  return raw;
}

describe("pixel formats", () => {
  const colors = { width: 3, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 0, 255, 0, 8, 4, 16) };

  test("RGB565 is two bytes a pixel, the low one first", () => {
    const raw = blank("RGB565", 3, 1);
    storePicture(colors, raw);
    expect([...raw.bytes]).toEqual([0x00, 0xf8, 0xe0, 0x07, 0x22, 0x08]);
  });

  test("grey is one byte, weighed as the eye does", () => {
    const raw = blank("GRAYSCALE", 3, 1);
    storePicture(colors, raw);
    expect([...raw.bytes]).toEqual([75, 149, 6]);
  });

  test("the ends of the scale come back as they were", () => {
    expect(expandRgb565(0xffff)).toBe(0xffffff);
    expect(expandRgb565(0)).toBe(0);
    expect(expandRgb565(0xf800)).toBe(0xff0000);
  });

  test.each(["RGB565", "GRAYSCALE"] as const)("%s pixels as red, green and blue", (format) => {
    const raw = blank(format, 2, 1);
    storePicture({ width: 2, height: 1, data: Uint8ClampedArray.of(255, 255, 255, 0, 0, 0) }, raw);
    const rgb = new Uint8Array(6);
    toRgb(raw, rgb);
    expect([...rgb]).toEqual([255, 255, 255, 0, 0, 0]);
    expect([brightness(raw, 0), brightness(raw, 1)]).toEqual([255, 0]);
  });
});

describe("JPEG", () => {
  test.each([
    ["RGB565", 320, 240],
    ["GRAYSCALE", 160, 120],
    ["RGB565", 61, 33],
  ] as const)(
    "%s of %i by %i is a file that another decoder reads, with the same picture",
    (format, width, height) => {
      const raw = snapshot(format, width, height);
      const file = encodeJpeg(raw, 95, "444");
      expect([...file.subarray(0, 2), ...file.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
      const decoded = jpeg.decode(file, { useTArray: true, formatAsRGBA: false });
      expect([decoded.width, decoded.height]).toEqual([width, height]);
      const rgb = new Uint8Array(width * height * 3);
      toRgb(raw, rgb);
      const difference = rgb.reduce((sum, value, at) => sum + Math.abs(value - (decoded.data[at] ?? 0)), 0);
      expect(difference / rgb.length).toBeLessThan(4);
    },
  );

  test("less quality, fewer bytes", () => {
    const raw = snapshot("RGB565", 320, 240);
    const sizes = [1, 20, 50, 80, 95, 100].map((quality) => encodeJpeg(raw, quality, "420").length);
    expect(sizes).toEqual([...sizes].sort((one, other) => one - other));
    expect(sizes[0]).toBeLessThan((sizes[5] ?? 0) / 10);
  });

  test("colour at half the size takes fewer bytes", () => {
    const raw = snapshot("RGB565", 320, 240);
    const sizes = (["444", "422", "420"] as const).map((mode) => encodeJpeg(raw, 80, mode).length);
    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
    expect(new Set(sizes).size).toBe(3);
  });

  test("a file stays as it is when the next one is made", () => {
    const raw = snapshot("RGB565", 64, 48);
    const first = encodeJpeg(raw, 80, "420");
    const copy = first.slice();
    encodeJpeg(snapshot("RGB565", 160, 120), 50, "420");
    expect(first).toEqual(copy);
  });
});

describe("marks", () => {
  const rows = ({ bytes, width, height }: RawPicture): string[] =>
    Array.from({ length: height }, (_, row) =>
      [...bytes.subarray(row * width, (row + 1) * width)].map((level) => (level ? "#" : ".")).join(""),
    );

  test("an area, as far as it lies in the picture", () => {
    const raw = blank("GRAYSCALE", 4, 3);
    markArea(raw, { x: 2, y: -1, w: 5, h: 3 }, 9);
    expect(rows(raw)).toEqual(["..##", "..##", "...."]);
  });

  test("a line has both its ends", () => {
    const raw = blank("GRAYSCALE", 4, 4);
    markLine(raw, [0, 3, 3, 0], 9, 1);
    expect(rows(raw)).toEqual(["...#", "..#.", ".#..", "#..."]);
  });

  test("a thick line", () => {
    const raw = blank("GRAYSCALE", 5, 5);
    markLine(raw, [1, 2, 3, 2], 9, 3);
    expect(rows(raw)).toEqual([".....", "#####", "#####", "#####", "....."]);
  });

  test("colours are 16 bits, the low byte first", () => {
    const raw = blank("RGB565", 2, 1);
    markLine(raw, [1, 0, 1, 0], 0xf81f, 1);
    expect([...raw.bytes]).toEqual([0, 0, 0x1f, 0xf8]);
  });
});

describe("tone", () => {
  test("nothing to change changes nothing", () => {
    const raw = snapshot("RGB565", 64, 48);
    const before = raw.bytes.slice();
    adjustTone(raw, { gamma: 1, contrast: 1, brightness: 0 });
    expect(raw.bytes).toEqual(before);
  });

  test("contrast, brightness and gamma", () => {
    const grey = (tone: Partial<Parameters<typeof adjustTone>[1]>): number[] => {
      const raw = blank("GRAYSCALE", 3, 1);
      raw.bytes.set([0, 100, 255]);
      adjustTone(raw, { gamma: 1, contrast: 1, brightness: 0, ...tone });
      return [...raw.bytes];
    };
    expect(grey({ contrast: 1.5 })).toEqual([0, 150, 255]);
    expect(grey({ brightness: 0.2 })).toEqual([51, 151, 255]);
    expect(grey({ gamma: 2 })).toEqual([0, 160, 255]);
  });
});
